// Package element keeps one element of a delivery without loss and without
// waste: every name, every number literal and their order as sent, in memory
// as a small tree whose long series are columns, on disk as a compact packed
// form. It knows JSON and numbers, and nothing of Garmin.
package element

import (
	"errors"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// Kind says what a Value is.
type Kind uint8

// The kinds; a Value that is not there is Absent.
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
type Value struct{ n *node }

type node struct{}

// Limits bound what one element may cost.
type Limits struct {
	// Depth is the deepest nesting, counted from the element itself.
	Depth int
	// Bytes bounds the memory that the tree may take (not the JSON text: long
	// series take far less than their text).
	Bytes int64
}

// ErrLimit is wrapped by errors of Read that mean that a limit was passed.
var ErrLimit = errors.New("over the limit")

// Read takes the next value from dec.
func Read(dec *jsontext.Decoder, lim Limits) (Value, error) { panic("todo") }

// Unpack reads the packed form.
func Unpack(b []byte) (Value, error) { panic("todo") }

// AppendPacked appends the packed form.
func (v Value) AppendPacked(dst []byte) []byte { panic("todo") }

// AppendJSON appends the value as JSON without white space: the same names in
// the same order, the same number literals.
func (v Value) AppendJSON(dst []byte) []byte { panic("todo") }

// Sum is a hash of the content; it does not depend on white space.
func (v Value) Sum() [16]byte { panic("todo") }

// Kind says what v is.
func (v Value) Kind() Kind { panic("todo") }

// Get is the member called name of an object, the last one where the name is
// repeated; Absent for anything else.
func (v Value) Get(name string) Value { panic("todo") }

// Path follows dotted names from object to object.
func (v Value) Path(names string) Value { panic("todo") }

// Text is a string's content or any other scalar's literal; "" otherwise.
func (v Value) Text() string { panic("todo") }

// Int reads a number, or a string that holds one, as an integer; fractions
// are cut off. It reports false for anything else and beyond the int64 range.
func (v Value) Int() (int64, bool) { panic("todo") }

// Float reads a number, or a string that holds one.
func (v Value) Float() (float64, bool) { panic("todo") }

// Bool reads true or false.
func (v Value) Bool() (value, ok bool) { panic("todo") }

// Len counts an array's items or an object's members.
func (v Value) Len() int { panic("todo") }

// Items yields an array's items.
func (v Value) Items() iter.Seq[Value] { panic("todo") }

// Members yields an object's members in the order sent.
func (v Value) Members() iter.Seq2[string, Value] { panic("todo") }

// Points yields an object whose names are integers and whose values are
// numbers (Garmin's offset maps) in rising order of the names; members of any
// other form are left out. Of repeated names the last counts.
func (v Value) Points() iter.Seq2[int64, Num] { panic("todo") }

// Num is a number as sent: Mantissa / 10^Decimals where Literal is "".
type Num struct {
	Mantissa int64
	Decimals uint8
	// Literal holds numbers that are not plain decimals of at most 18 digits.
	Literal string
}

// Float is the number's value.
func (n Num) Float() float64 { panic("todo") }

// AppendText appends the literal as sent.
func (n Num) AppendText(dst []byte) []byte { panic("todo") }

// Rows reads an array of objects (samples, laps, sleep levels) by column
// without building each object. f is called for each item in order with one
// Num per name; ok[i] is false where the item lacks the name or it is no
// number. The slices are reused between calls. Rows stops when f returns
// false.
func (v Value) Rows(names []string, f func(nums []Num, ok []bool) bool) { panic("todo") }
