package value

import (
	"math/big"
	"strings"
)

// Quantity gives the canonical form of a Kubernetes quantity: its value in
// base units as a plain decimal without trailing zeros, so that "1000m", "1"
// and "1.0" are all "1", and "1Gi" is "1073741824". ok is false for anything
// that the grammar of k8s.io/apimachinery/pkg/api/resource does not allow.
func Quantity(s string) (canon string, ok bool) {
	number, suffix := splitQuantity(s)
	if number == "" || len(number) > 64 {
		return "", false
	}
	factor, exp10, ok := quantityScale(suffix)
	if !ok {
		return "", false
	}
	neg, digits, scale, ok := decimal(number)
	if !ok {
		return "", false
	}
	if factor == 1 {
		return place(neg, digits, scale-exp10), true
	}
	n, _ := new(big.Int).SetString(digits, 10)
	n.Mul(n, new(big.Int).SetInt64(factor))
	return place(neg, n.String(), scale), true
}

// splitQuantity cuts a quantity into its number and its suffix.
func splitQuantity(s string) (number, suffix string) {
	i := 0
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		i++
	}
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.') {
		i++
	}
	return s[:i], s[i:]
}

// quantityScale gives the binary factor and the decimal exponent of a suffix.
func quantityScale(suffix string) (factor int64, exp10 int, ok bool) {
	switch suffix {
	case "":
		return 1, 0, true
	case "n":
		return 1, -9, true
	case "u":
		return 1, -6, true
	case "m":
		return 1, -3, true
	case "k":
		return 1, 3, true
	case "M":
		return 1, 6, true
	case "G":
		return 1, 9, true
	case "T":
		return 1, 12, true
	case "P":
		return 1, 15, true
	case "E":
		return 1, 18, true
	}
	if len(suffix) == 2 && suffix[1] == 'i' {
		if i := strings.IndexByte("KMGTPE", suffix[0]); i >= 0 {
			return 1 << (10 * (i + 1)), 0, true
		}
		return 0, 0, false
	}
	return exponentScale(suffix)
}

// exponentScale reads "e3" and "E-3".
func exponentScale(suffix string) (factor int64, exp10 int, ok bool) {
	if len(suffix) < 2 || len(suffix) > 4 || suffix[0] != 'e' && suffix[0] != 'E' {
		return 0, 0, false
	}
	digits, sign := suffix[1:], 1
	if digits[0] == '-' || digits[0] == '+' {
		if digits[0] == '-' {
			sign = -1
		}
		digits = digits[1:]
	}
	if digits == "" {
		return 0, 0, false
	}
	n := 0
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, 0, false
		}
		n = n*10 + int(digits[i]-'0')
	}
	return 1, sign * n, true
}

// decimal takes a plain decimal apart: its digits without the point, and how
// many of them stand behind it.
func decimal(s string) (neg bool, digits string, scale int, ok bool) {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg, s = s[0] == '-', s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	if whole == "" && frac == "" || strings.Contains(frac, ".") {
		return false, "", 0, false
	}
	for _, part := range [2]string{whole, frac} {
		for i := range len(part) {
			if part[i] < '0' || part[i] > '9' {
				return false, "", 0, false
			}
		}
	}
	if frac == "" {
		return neg, whole, 0, true
	}
	return neg, whole + frac, len(frac), true
}

// place writes digits with scale of them behind the point, shortest form. A
// negative scale adds zeros.
func place(neg bool, digits string, scale int) string {
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return "0"
	}
	if scale < 0 {
		digits, scale = digits+strings.Repeat("0", -scale), 0
	}
	if scale >= len(digits) {
		digits = strings.Repeat("0", scale-len(digits)+1) + digits
	}
	whole, frac := digits[:len(digits)-scale], strings.TrimRight(digits[len(digits)-scale:], "0")
	out := whole
	if frac != "" {
		out += "." + frac
	}
	if neg {
		out = "-" + out
	}
	return out
}
