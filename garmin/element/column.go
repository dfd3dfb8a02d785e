package element

// column is a run of numbers.
type column struct {
	mantissas []int64
	decimals  []uint8        // nil while all are 0
	literals  map[int]string // numbers that are no plain decimals
}

// costLiteral is a literal's place in the map.
const costLiteral = 64

// add appends n. It returns the memory that the column has grown by.
func (c *column) add(n Num) (grown int) {
	before := len(c.mantissas)
	if n.Decimals != 0 && c.decimals == nil {
		c.decimals = make([]uint8, before, cap(c.mantissas)+1)
		grown += cap(c.decimals)
	}
	if n.Literal != "" {
		if c.literals == nil {
			c.literals = map[int]string{}
		}
		c.literals[before] = n.Literal
		grown += costLiteral + costText + len(n.Literal)
	}
	c.mantissas = push(&grown, c.mantissas, n.Mantissa)
	if c.decimals != nil {
		c.decimals = push(&grown, c.decimals, n.Decimals)
	}
	return grown
}

func (c *column) at(i int) Num {
	n := Num{Mantissa: c.mantissas[i]}
	if c.decimals != nil {
		n.Decimals = c.decimals[i]
	}
	if c.literals != nil {
		n.Literal = c.literals[i]
	}
	return n
}

// places is the decimals of a number.
func (c *column) places(i int) uint8 {
	if c.decimals == nil {
		return 0
	}
	return c.decimals[i]
}

// set puts another number in a place.
func (c *column) set(i int, n Num) {
	c.mantissas[i] = n.Mantissa
	if n.Decimals != 0 && c.decimals == nil {
		c.decimals = make([]uint8, len(c.mantissas))
	}
	if c.decimals != nil {
		c.decimals[i] = n.Decimals
	}
	delete(c.literals, i)
	if n.Literal != "" {
		if c.literals == nil {
			c.literals = map[int]string{}
		}
		c.literals[i] = n.Literal
	}
}
