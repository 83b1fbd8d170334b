package stats

// judge gives the interval of Level, and the p value of 'the effect is no larger
// than the margin', from the interval at each quantile of Student's t with df.
func judge(at func(z float64) Interval, margin Interval, df float64) (Interval, float64) {
	return at(studentQuantile(Level, df)), beyond(at, margin, df)
}

// beyond is that p value: the chance of an effect as far out as this one, on
// either side, if the real one lies on the nearer end of the margin. How far out
// it is, in standard errors, is where the interval's end touches the margin's.
func beyond(at func(z float64) Interval, margin Interval, df float64) float64 {
	above := touch(func(z float64) float64 {
		if z < 0 {
			return at(-z).High - margin.High
		}
		return at(z).Low - margin.High
	})
	below := touch(func(z float64) float64 {
		if z < 0 {
			return margin.Low - at(-z).Low
		}
		return margin.Low - at(z).High
	})
	return min(1, studentTail(max(above, below), df)+studentTail(-min(above, below), df))
}

// farthest is the quantile up to which tails are told apart.
const farthest = 100

// touch is the z at which a falling function becomes 0.
func touch(f func(z float64) float64) float64 {
	low, high := -3.0, 3.0
	if f(low) <= 0 {
		low, high = -farthest, low
	} else if f(high) > 0 {
		low, high = high, farthest
	}
	for range 26 {
		middle := (low + high) / 2
		if f(middle) > 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// jointDF are the degrees of freedom of an effect (Welch and Satterthwaite) from
// the variances of its sides, in any unit, and theirs.
func jointDF(vr, dfr, vo, dfo float64) float64 {
	df := (vr + vo) * (vr + vo) / (vr*vr/dfr + vo*vo/dfo)
	if !(df >= min(dfr, dfo)) {
		return max(1, min(dfr, dfo))
	}
	return min(df, freeDF)
}
