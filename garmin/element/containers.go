package element

// object reads members as points as long as possible, and as members from the first
// that is not one.
func (r *reader) object() (Value, error) {
	p := &pointsNode{}
	spent := r.used
	if err := r.spend(costPoints); err != nil {
		return Value{}, err
	}
	for {
		raw, err := r.name()
		if err != nil {
			return Value{}, err
		}
		if raw == nil {
			break
		}
		at, ok := parseName(raw[1 : len(raw)-1])
		if !ok {
			return r.members(p, spent, text(raw))
		}
		if r.dec.PeekKind() != '0' {
			return r.members(p, spent, Num{Mantissa: at}.text()) // raw is gone by now
		}
		num, err := r.dec.ReadValue()
		if err != nil {
			return Value{}, err
		}
		grown := p.nums.add(parseNum(num))
		p.names = push(&grown, p.names, at)
		if err := r.spend(grown); err != nil {
			return Value{}, err
		}
	}
	if len(p.names) == 0 {
		r.used = spent + costObject
		return Value{&objectNode{}}, nil
	}
	return Value{p.finish()}, nil
}

// members continues an object whose next member is called name. The memory of the
// points before it is released.
func (r *reader) members(before *pointsNode, spent int, name string) (Value, error) {
	const each = 2*costText + 24 + 16 + costNum // a name and its digits, a value and its number
	o := &objectNode{}
	if n := len(before.names); n > 0 {
		if err := r.spend(each * n); err != nil {
			return Value{}, err
		}
		spent += each * n
		o.names, o.vals = make([]string, n), make([]Value, n)
		for i, at := range before.names {
			o.names[i], o.vals[i] = Num{Mantissa: at}.text(), Value{before.nums.at(i)}
		}
	}
	r.used = spent + costObject
	for {
		grown := costText + len(name)
		o.names = push(&grown, o.names, name)
		if err := r.spend(grown); err != nil {
			return Value{}, err
		}
		v, err := r.value()
		if err != nil {
			return Value{}, err
		}
		grown = 0
		o.vals = push(&grown, o.vals, v)
		if err := r.spend(grown); err != nil {
			return Value{}, err
		}
		raw, err := r.name()
		if err != nil {
			return Value{}, err
		}
		if raw == nil {
			return Value{o}, nil
		}
		name = text(raw)
	}
}

func (n Num) text() string { return string(n.AppendText(nil)) }

// array reads items into rows as long as they are flat objects, and as values from
// the first that is not.
func (r *reader) array() (Value, error) {
	spent := r.used
	rows, held := &rowsNode{}, 0 // held is what rows took when last looked at
	for r.dec.PeekKind() == '{' {
		v, err := r.value()
		if err != nil {
			return Value{}, err
		}
		if o, flat := v.n.(*objectNode); !flat || !rows.add(o) {
			return r.list(rows, held, v)
		}
		// The object itself is released; its values stay in the columns.
		r.used, held = spent, rows.size
		if err := r.spend(held); err != nil {
			return Value{}, err
		}
	}
	if r.dec.PeekKind() != ']' || len(rows.shapeOf) < fewRows {
		return r.list(rows, held, Value{})
	}
	_, err := r.dec.ReadToken()
	rows.finish()
	return Value{rows}, err
}

// list continues an array that is not rows, after the rows read so far and the
// item that ended them, if it was already read. The memory of the rows is
// released.
func (r *reader) list(before *rowsNode, held int, item Value) (Value, error) {
	cost := costList + before.sizeAsItems()
	if err := r.spend(cost); err != nil {
		return Value{}, err
	}
	r.used -= held
	l := &listNode{items: before.items()}
	for item.n != nil || r.dec.PeekKind() != ']' {
		if item.n == nil {
			var err error
			if item, err = r.value(); err != nil {
				return Value{}, err
			}
		}
		grown := 0
		l.items = push(&grown, l.items, item)
		if err := r.spend(grown); err != nil {
			return Value{}, err
		}
		item = Value{}
	}
	_, err := r.dec.ReadToken()
	return Value{l}, err
}
