/** Which of many rows of different heights are in sight. */
export class RowWindow {
  /** @param heights - Pixels of each row. */
  constructor(heights: number[]) {
    this._tops = new Array<number>(heights.length + 1);
    this._tops[0] = 0;
    heights.forEach((height, at) => {
      this._tops[at + 1] = this._tops[at] + height;
    });
  }

  /** Pixels of all rows. */
  get height(): number {
    return this._tops[this._tops.length - 1];
  }

  top(index: number): number {
    return this._tops[index];
  }

  /** First row in sight and the one after the last, with some more on either side. */
  range(scrollTop: number, viewport: number, margin = 200): [number, number] {
    const first = this._at(scrollTop - margin);
    const last = this._at(scrollTop + viewport + margin);
    return [first, Math.min(last + 1, this._tops.length - 1)];
  }

  /** Where to scroll so that the row is wholly in sight, or the same place if it is. */
  reveal(index: number, scrollTop: number, viewport: number): number {
    const top = this._tops[index];
    const bottom = this._tops[index + 1];
    if (top < scrollTop) {
      return top;
    }
    return bottom > scrollTop + viewport ? bottom - viewport : scrollTop;
  }

  /** The row at a height, by bisection. */
  private _at(pixel: number): number {
    let low = 0;
    let high = Math.max(0, this._tops.length - 2);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this._tops[middle] <= pixel) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private readonly _tops: number[];
}
