package redact

import "strings"

// shape is the look of a token that a service hands out.
type shape struct {
	prefix string
	least  int    // bytes behind the prefix
	more   string // bytes besides letters and digits that may follow
}

var shapes = [...]shape{
	{"AKIA", 16, ""},
	{"ASIA", 16, ""},
	{"ghp_", 20, ""},
	{"gho_", 20, ""},
	{"ghu_", 20, ""},
	{"ghs_", 20, ""},
	{"ghr_", 20, ""},
	{"github_pat_", 20, "_"},
	{"glpat-", 16, "-_."},
	{"glsa_", 20, "_"},
	{"gldt-", 16, "-_"},
	{"glrt-", 16, "-_"},
	{"xoxb-", 10, "-"},
	{"xoxp-", 10, "-"},
	{"xoxa-", 10, "-"},
	{"xoxr-", 10, "-"},
	{"xoxs-", 10, "-"},
	{"xapp-", 10, "-"},
	{"sk_live_", 10, ""},
	{"rk_live_", 10, ""},
	{"sk_test_", 10, ""},
	{"rk_test_", 10, ""},
	{"whsec_", 10, "+/="},
	{"AIza", 30, "-_"},
	{"ya29.", 20, "-_."},
	{"GOCSPX-", 20, "-_"},
	{"SG.", 30, "-_."},
	{"npm_", 30, ""},
	{"pypi-AgE", 20, "-_"},
	{"hvs.", 20, "-_"},
	{"hvb.", 20, "-_"},
	{"dop_v1_", 30, ""},
	{"shpat_", 20, ""},
	{"sk-ant-", 16, "-_"},
	{"sk-proj-", 16, "-_"},
	{"dckr_pat_", 16, "-_"},
	{"AGE-SECRET-KEY-1", 20, ""},
	{"hooks.slack.com/services/", 8, "/"},
	{"discord.com/api/webhooks/", 8, "/-_"},
	{"EAACEdEose0cBA", 8, ""},
	{"lin_api_", 20, ""},
	{"NRAK-", 20, ""},
	{"dapi", 32, "-"},
	{"hf_", 30, ""},
	{"tfp_", 20, "_"},
	{"atlasv1.", 20, "-_"},
}

// shapesBy finds the shapes by their first byte.
var shapesBy = func() (t [256][]shape) {
	for _, s := range shapes {
		t[s.prefix[0]] = append(t[s.prefix[0]], s)
	}
	return t
}()

// word looks at what begins at a word.
func (sc *scanner) word(i int) int {
	s := sc.s
	if len(s)-i < 11 {
		return 0
	}
	if end := sc.format(i); end > 0 {
		return end
	}
	switch c := lowerByte(s[i]); {
	case c >= '0' && c <= '9':
		if end := sc.numbered(i); end > 0 {
			return end
		}
	case c == 'h' || c == 'w' || c == 't' || c == 'i':
		if end := sc.hook(i); end > 0 {
			return end
		}
	}
	if end := sc.hashed(i); end > 0 {
		return end
	}
	for _, sh := range shapesBy[s[i]] {
		if !strings.HasPrefix(s[i:], sh.prefix) {
			continue
		}
		start := i + len(sh.prefix)
		end := start
		for end < len(s) && (alnum(s[end]) || strings.IndexByte(sh.more, s[end]) >= 0) {
			end++
		}
		if end-start >= sh.least {
			if strings.Contains(sh.prefix, "/") {
				return sc.add(start, end)
			}
			return sc.add(i, end)
		}
	}
	switch s[i] {
	case 'e':
		if strings.HasPrefix(s[i:], "eyJ") {
			if end := sc.webToken(i); end > 0 {
				return end
			}
		}
	case 'B', 'b':
		if end := sc.scheme(i); end > 0 {
			return end
		}
	}
	if end := sc.encoded(i); end > 0 {
		return end
	}
	return sc.drawnRun(i)
}

// webToken finds a JSON web token: two or three dotted base64 parts.
func (sc *scanner) webToken(i int) int {
	s := sc.s
	end, dots, part := i, 0, 0
	for end < len(s) {
		c := s[end]
		switch {
		case alnum(c) || c == '-' || c == '_':
			part++
		case c == '.' && part >= 4 && dots < 4:
			dots++
			part = 0
		default:
			c = 0
		}
		if c == 0 {
			break
		}
		end++
	}
	if sc.spent(end - i) {
		return sc.add(i, len(s))
	}
	if dots < 1 || end-i < 20 {
		return 0
	}
	return sc.add(i, end)
}

// scheme finds the credentials behind "Bearer" and "Basic".
func (sc *scanner) scheme(i int) int {
	s := sc.s
	if len(s)-i < 12 || s[i+5] != ' ' && s[i+6] != ' ' {
		return 0
	}
	basic := strings.EqualFold(s[i:i+6], "basic ")
	if !basic && !strings.EqualFold(s[i:i+7], "bearer ") {
		return 0
	}
	start := i + 7
	if basic {
		start = i + 6
	}
	end := start
	for end < len(s) && (base64Byte(s[end]) || s[end] == '=' || s[end] == '.' || s[end] == '~') {
		end++
	}
	value := s[start:end]
	if value != "" && noSecret(value) {
		return 0
	}
	if basic {
		if len(value) >= 8 && decodesToPair(value) {
			return sc.add(start, end)
		}
		return 0
	}
	if len(value) >= 20 || len(value) >= 8 && strings.ContainsAny(value, "0123456789") {
		return sc.add(start, end)
	}
	return 0
}

// minEncoded is the length of the shortest base64 that is looked into.
const minEncoded = 16

// encoded looks into base64: a whole text of 16 bytes and more, or a run of 40
// and more in a larger one.
func (sc *scanner) encoded(i int) int {
	s := sc.s
	if i < sc.base64Until {
		return 0
	}
	end := i
	for end < len(s) && base64Byte(s[end]) {
		end++
	}
	if end-i < minEncoded {
		sc.base64Until = end
		return 0
	}
	least := 40
	whole := i == 0 || strings.HasSuffix(s[:i], "base64,") || strings.Contains(s[i:min(len(s), i+100)], "base64 -")
	if whole {
		least = minEncoded
	}
	if len(s)-i < least {
		return 0
	}
	sc.base64Until = end
	if end-i < least || i == 0 && end-i < 40 && strings.Trim(s[end:], "=\n") != "" {
		return 0
	}
	found, known := hidden(s[i:end], sc.nesting)
	if !found && whole && decodesToPassword(s[i:end]) {
		found = true
	}
	if !found {
		return 0
	}
	for end < len(s) && s[end] == '=' {
		end++
	}
	if known {
		return sc.add(i, end)
	}
	return sc.suspect(i, end)
}
