package stats

import "math"

// MinBlocks is how many blocks with requests each side needs. Below it the
// interval covers less than 0.85 at a correlation of 0.8 between blocks.
const MinBlocks = 20

// Dependence is what blocks say about how requests depend on each other.
type Dependence struct {
	// Blocks are those with requests.
	Blocks int
	// DesignEffect is how many times larger the variance is than that of
	// independent requests. It may come out below 1 by chance, which DF
	// accounts for.
	DesignEffect float64
	// Effective is how many independent requests have the same variance:
	// Requests / DesignEffect.
	Effective float64
	// DF are the degrees of freedom that DesignEffect is known with; intervals
	// are of Student's t with them.
	DF float64
}

// z is the quantile for a side's own interval of Level. It is a little larger
// than Student's, because of a single side the error of the correlation between
// batches is not averaged with another's.
func (d *Dependence) z() float64 { return studentQuantile(Level, d.DF) * (1 + 2/(d.DF*d.DF)) }

// freeDF stands for no doubt about the variance.
const freeDF = 1e9

// batchLength is how many neighbouring blocks make a batch: 0.6 times the root
// of their number. Long batches show correlation that fades slowly behind noise,
// many batches measure it well; of the lengths simulated, this one keeps the
// coverage most even, whether blocks are independent or correlated by 0.8, and
// whether noise is beside that or not.
func batchLength(blocks int) int {
	return max(1, int(math.Round(0.6*math.Sqrt(float64(blocks)))))
}

// longRun is the variance of a sum whose parts, by block in time order, are e:
// parts that sum to 0 but for rounding, as residuals do. It is the variance of
// batches times (1+r)/(1-r), with r the correlation of neighbouring batches freed
// from its bias (Kendall 1954) and not below 0, as that of a first-order
// autoregression. Merging alone until r is not noticeable, as is often done,
// covers 0.65 to 0.77 instead of 0.9 at a correlation of 0.8.
//
// independent is how many independent batches that amounts to; fewer where few
// blocks have most of the requests, which weight tells.
func longRun(e, weight []float64) (variance, independent float64) {
	length := batchLength(len(e))
	batches := max(1, len(e)/length)
	var sum0, sum1, before, all, squares float64
	for b := range batches {
		end := (b + 1) * length
		if b == batches-1 {
			end = len(e)
		}
		batch, size := 0.0, 0.0
		for i := b * length; i < end; i++ {
			batch += e[i]
			size += weight[i]
		}
		sum0 += batch * batch
		sum1 += batch * before
		before = batch
		all += size
		squares += size * size
	}
	n := float64(batches)
	if !(sum0 > 0) || !(squares > 0) || batches < 4 {
		return 0, n
	}
	r := max(0, min(0.95, (sum1/sum0*n+1)/(n-3)))
	inflation := (1 + r) / (1 - r)
	variance = sum0 / (n - min(inflation, n/2)) * n * inflation
	// The inflation is the exponential of twice Fisher's transform of r, whose
	// variance of 1/(n-3) makes it too large on average. Half of that is taken
	// off; Student's t needs the rest (see z for a single side).
	variance *= math.Exp(-1 / (n - 3))
	return variance, max(1, all*all/squares/inflation)
}

// depend tells how the n requests whose share p has a residual e in each block,
// in units of the share, depend on each other. free is the variance if they do
// not. Of fewer than fewEvents events it is no smaller, because blocks without
// events show no spread.
func depend(p, n, free float64, e, weight []float64) Dependence {
	d := Dependence{Blocks: len(e), DesignEffect: 1, Effective: n, DF: freeDF}
	if !(free > 1e-30) {
		return d
	}
	lone := p * (1 - p) / free
	variance, independent := longRun(e, weight)
	d.DesignEffect, d.DF = variance/free, max(2, independent-1)
	if least := minEffect(min(p, 1-p) * lone); d.DesignEffect < least {
		d.DesignEffect = least
	}
	d.Effective = lone / d.DesignEffect
	return d
}

// minEffect is the smallest design effect that a number of events can tell.
func minEffect(events float64) float64 {
	if events < fewEvents {
		return 1
	}
	return 0.5
}
