package kube

// seen counts how often texts occur: by comparing while they are few.
type seen struct {
	few  []string
	many map[string]int
}

const fewTexts = 24

func newSeen(n int) seen {
	if n > fewTexts {
		return seen{many: make(map[string]int, n)}
	}
	return seen{few: make([]string, 0, n)}
}

func (s *seen) count(text string) int {
	if s.many != nil {
		s.many[text]++
		return s.many[text]
	}
	n := 1
	for _, t := range s.few {
		if t == text {
			n++
		}
	}
	s.few = append(s.few, text)
	return n
}

// appendJSON appends text as a JSON string.
func appendJSON(b []byte, text string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\t':
			b = append(b, '\\', 't')
		case c < 0x20:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
