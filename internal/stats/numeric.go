package stats

import "math"

// normalTail is P(Z > z) of the standard normal distribution.
func normalTail(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }

// normalQuantile is the z with P(Z <= z) = p, for p in (0, 1).
func normalQuantile(p float64) float64 { return -math.Sqrt2 * math.Erfcinv(2*p) }

// zOf is the normal quantile of a two-sided level; 0.9 gives 1.645.
func zOf(level float64) float64 { return normalQuantile(0.5 + level/2) }

// logBeta is the logarithm of the beta function.
func logBeta(a, b float64) float64 {
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	return la + lb - lab
}

// betaTail is the regularised incomplete beta function I_x(a, b), which is the
// distribution function of Beta(a, b), for positive a and b: the continued
// fraction of Abramowitz and Stegun 26.5.8, evaluated from the front (Lentz).
func betaTail(a, b, x float64) float64 {
	switch {
	case !(x > 0):
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2):
		return 1 - betaTail(b, a, 1-x)
	}
	const tiny = 1e-300
	f, c, d := 1.0, 1.0, 0.0
	step := func(term float64) float64 {
		d = 1 + term*d
		if math.Abs(d) < tiny {
			d = tiny
		}
		d = 1 / d
		c = 1 + term/c
		if math.Abs(c) < tiny {
			c = tiny
		}
		f *= c * d
		return c * d
	}
	for m := 0.0; m < 100000; m++ {
		if m > 0 {
			step(m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)))
		}
		change := step(-(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1)))
		if math.Abs(change-1) < 1e-14 {
			break
		}
	}
	front := math.Exp(a*math.Log(x) + b*math.Log1p(-x) - logBeta(a, b))
	return max(0, min(1, front/(a*f)))
}

// betaQuantile is the x with I_x(a, b) = p, by bisection that Newton's steps
// make short.
func betaQuantile(p, a, b float64) float64 {
	low, high := 0.0, 1.0
	x := a / (a + b)
	logB := logBeta(a, b)
	for range 200 {
		miss := betaTail(a, b, x) - p
		if miss > 0 {
			high = x
		} else {
			low = x
		}
		slope := math.Exp((a-1)*math.Log(x) + (b-1)*math.Log1p(-x) - logB)
		next := x - miss/slope
		if !(next > low && next < high) {
			next = (low + high) / 2
		}
		if math.Abs(next-x) <= 1e-14*x {
			return next
		}
		x = next
	}
	return x
}

// studentTail is P(T > t) of Student's t with df degrees of freedom, which need
// not be whole.
func studentTail(t, df float64) float64 {
	if df > 1e6 {
		return normalTail(t)
	}
	half := betaTail(df/2, 0.5, df/(df+t*t)) / 2
	if t < 0 {
		return 1 - half
	}
	return half
}

// studentQuantile is the t with P(T <= t) = 0.5 + level/2, so that (-t, t) holds
// the level: Cornish and Fisher's expansion (Abramowitz and Stegun 26.7.5), and
// the exact inverse below 8 degrees of freedom, where that is off by more than
// 0.0001 at 0.9.
func studentQuantile(level, df float64) float64 {
	z := zOf(level)
	if df < 8 {
		x := betaQuantile(1-level, df/2, 0.5)
		return math.Sqrt(df * (1 - x) / x)
	}
	z2 := z * z
	return z * (1 + (z2+1)/(4*df) +
		(5*z2*z2+16*z2+3)/(96*df*df) +
		(3*z2*z2*z2+19*z2*z2+17*z2-15)/(384*df*df*df))
}
