import type { components } from './types';

/** Named aliases of the generated wire types: the only place that knows how the generator nests them. */
type Schemas = components['schemas'];

export type Job = Schemas['Job'];
export type JobPage = Schemas['JobPage'];
export type JobSubmit = Schemas['JobSubmit'];
export type LogControl = Schemas['LogControl'];
export type StatusItem = Schemas['StatusItem'];
export type Volume = Schemas['Volume'];
export type VolumeSpec = Schemas['VolumeSpec'];
export type Session = Schemas['Session'];
export type SignIn = Schemas['SignIn'];
export type Platform = Schemas['Platform'];
export type Preset = Schemas['Preset'];
export type Project = Schemas['Project'];
export type Colleague = Schemas['Colleague'];
export type ColleagueInvite = Schemas['ColleagueInvite'];
export type ErrorBody = Schemas['ErrorBody'];
export type ErrorDetails = Schemas['ErrorDetails'];

export type Status = Job['status'];
export type Level = Job['access'];
export type Tier = Platform['tier'];

/** The server leaves fields out that have their default value. */
export type Sparse<T> = Partial<T>;
