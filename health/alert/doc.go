// Package alert notices silence and says whose side it is on. It is pure: it
// is handed what is known (Facts) and gives what follows (Findings), and keeps
// the book of incidents (Step). It reads no clock and no file.
//
// Three rules carry it. Silence is counted only in time during which Garner
// could have heard anything (ObservableTime). No one is judged for what is missing for
// everyone: the time of a box-wide silence is lost time for each person, and
// that of a type that stopped for all is lost time for each person's type. And
// a recovery needs data newer than the silence, so old data that arrive late
// change nothing.
package alert
