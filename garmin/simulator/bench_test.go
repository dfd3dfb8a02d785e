package simulator

import "testing"

func BenchmarkTwoYearsOfThreePeople(b *testing.B) {
	for b.Loop() {
		total := 0
		for d := range household(1).History() {
			total += len(d.Body)
		}
		b.SetBytes(int64(total))
	}
}

func BenchmarkFinalDay(b *testing.B) {
	w := New(Config{Seed: 1, People: 1000, Days: 1, Until: until})
	for i := 0; b.Loop(); i++ {
		w.Final(i%1000, daysBefore(2+i/1000))
	}
}

func BenchmarkAverageDay(b *testing.B) {
	w := New(Config{Seed: 1, People: 1000, Days: 1, Until: until})
	for i := 0; b.Loop(); i++ {
		w.AverageDay(i%1000, daysBefore(2+i/1000))
	}
}
