// Package personal speaks Garmin's Personal API, with which the owner of a watch reads
// their own data with a key of their own: which endpoints there are, how they are called,
// and what their answers are as elements of Garmin's types.
package personal
