/** A word as a POSIX shell, and `%neuro`, would read it back. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word
    : `'${word.replace(/'/g, `'\\''`)}'`;
}

/**
 * The words of a command, as a POSIX shell without expansions splits them (POSIX 2.2, quoting).
 *
 * @returns `null` if a quote is open.
 */
export function splitWords(command: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < command.length; at++) {
    const character = command[at];
    if (/\s/.test(character)) {
      if (word !== null) {
        words.push(word);
        word = null;
      }
      continue;
    }
    word ??= '';
    if (character === "'") {
      const end = command.indexOf("'", at + 1);
      if (end < 0) {
        return null;
      }
      word += command.slice(at + 1, end);
      at = end;
    } else if (character === '"') {
      for (at++; at < command.length && command[at] !== '"'; at++) {
        if (command[at] === '\\' && '"\\$`'.includes(command[at + 1])) {
          at++;
        }
        word += command[at];
      }
      if (at >= command.length) {
        return null;
      }
    } else if (character === '\\') {
      word += command[++at] ?? '';
    } else {
      word += character;
    }
  }
  return word === null ? words : [...words, word];
}

/** The script of a command that is `bash -c SCRIPT`, else `null`. */
export function shellScript(command: string): string | null {
  const words = splitWords(command);
  return words?.length === 3 &&
    words[1] === '-c' &&
    /^(?:\/\S*\/)?(?:ba)?sh$/.test(words[0])
    ? words[2]
    : null;
}
