// Package alert detects silence and where its cause is. It is pure: it turns what
// is known (Facts) into what follows (Findings), and updates the incidents
// (Step). It reads no clock and no file.
//
// It follows three rules. Silence counts only in time in which Garner could have
// received data (ObservableTime). What is missing for all people is not counted
// for each: the time of a global silence is lost time for each person, and that
// of a type that stopped for all is lost time for each person's type. And a
// recovery needs data newer than the silence, so old data that arrives late
// changes nothing.
package alert
