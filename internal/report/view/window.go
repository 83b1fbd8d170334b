package view

// Window cuts texts to n runes each so that what differs between them stays
// in sight: where all begin with the same, the window moves to just before
// the first difference. An ellipsis stands for what is cut.
func Window(texts []string, n int) []string {
	out := make([]string, len(texts))
	runes := make([][]rune, len(texts))
	long := false
	for i, t := range texts {
		runes[i] = []rune(t)
		long = long || len(runes[i]) > n
	}
	start := 0
	if long {
		start = max(commonPrefix(runes)-n/3, 0)
	}
	for i, r := range runes {
		out[i] = windowOf(r, start, max(n, 2))
	}
	return out
}

func windowOf(r []rune, start, n int) string {
	if len(r) <= n {
		return string(r)
	}
	start = min(start, len(r)-n)
	end := start + n
	s := string(r[start:end])
	if start > 0 {
		s = "…" + string(r[start+1:end])
	}
	if end < len(r) {
		cut := []rune(s)
		s = string(cut[:len(cut)-1]) + "…"
	}
	return s
}

func commonPrefix(texts [][]rune) int {
	if len(texts) < 2 {
		return 0
	}
	n := 0
	for ; ; n++ {
		for _, t := range texts {
			if n >= len(t) || t[n] != texts[0][n] {
				return n
			}
		}
	}
}
