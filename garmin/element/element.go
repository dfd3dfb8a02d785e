// Package element stores one element of a delivery compactly and without loss:
// every name, every number literal and their order as sent, in memory as a small
// tree whose long series are columns, on disk in a compact packed form. It knows
// JSON and numbers, but nothing about Garmin.
package element

import (
	"math"
	"strconv"
	"strings"
)

// Kind is the kind of a Value.
type Kind uint8

// The kinds; a missing Value is Absent.
const (
	Absent Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// Value is one JSON value. The zero Value is Absent. Values are immutable and
// safe for concurrent reading.
type Value struct{ n node }

// node is one of nullNode, boolNode, Num, stringNode, *listNode, *objectNode,
// *pointsNode and *rowsNode.
type node interface{ kind() Kind }

type (
	nullNode   struct{}
	boolNode   bool
	stringNode string
	// listNode is an array.
	listNode struct{ items []Value }
	// objectNode is an object in the order sent.
	objectNode struct {
		names []string
		vals  []Value
	}
)

func (nullNode) kind() Kind    { return Null }
func (boolNode) kind() Kind    { return Bool }
func (Num) kind() Kind         { return Number }
func (stringNode) kind() Kind  { return String }
func (*listNode) kind() Kind   { return Array }
func (*objectNode) kind() Kind { return Object }

// Kind returns the kind of v.
func (v Value) Kind() Kind {
	if v.n == nil {
		return Absent
	}
	return v.n.kind()
}

// Text is a string's content or any other scalar's literal; "" otherwise.
func (v Value) Text() string {
	switch n := v.n.(type) {
	case stringNode:
		return string(n)
	case Num:
		return string(n.AppendText(nil))
	case boolNode:
		return strconv.FormatBool(bool(n))
	case nullNode:
		return "null"
	}
	return ""
}

// Int reads a number, or a string that holds one, as an integer; fractions
// are cut off. It reports false for anything else and beyond the int64 range.
func (v Value) Int() (int64, bool) {
	n, ok := v.num()
	if !ok {
		return 0, false
	}
	return n.whole()
}

// Float reads a number, or a string that holds one.
func (v Value) Float() (float64, bool) {
	n, ok := v.num()
	if !ok {
		return 0, false
	}
	f := n.Float()
	return f, !math.IsInf(f, 0)
}

// num reads a number, or a string that holds one by JSON's own grammar:
// strconv alone would also take "inf", "0x1p4" and the like.
func (v Value) num() (Num, bool) {
	switch n := v.n.(type) {
	case Num:
		return n, true
	case stringNode:
		if s := strings.TrimSpace(string(n)); isNumber(s) {
			return parseNum([]byte(s)), true
		}
	}
	return Num{}, false
}

// Bool reads true or false.
func (v Value) Bool() (value, ok bool) {
	b, ok := v.n.(boolNode)
	return bool(b), ok
}
