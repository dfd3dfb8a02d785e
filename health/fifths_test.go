package health

import "testing"

func TestFifthsAreOfEqualSizeAndKeepEqualValuesTogether(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values []float64
		want   []int
	}{
		{[]float64{5, 1, 4, 2, 3}, []int{5, 1, 4, 2, 3}},
		{[]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, []int{1, 1, 2, 2, 3, 3, 4, 4, 5, 5}},
		{[]float64{7, 7, 7, 7, 9}, []int{1, 1, 1, 1, 5}},
		{[]float64{-0.5, 0.5}, []int{1, 3}},
		{[]float64{42}, []int{1}},
	} {
		f := FifthsOf(c.values)
		for i, x := range c.values {
			if got := f.Of(x); got != c.want[i] {
				t.Errorf("of %v, %v is in fifth %d, want %d", c.values, x, got, c.want[i])
			}
		}
	}
	if got := FifthsOf([]float64{1, 2}).Of(3); got != 5 {
		t.Errorf("a value above all is in fifth %d", got)
	}
}
