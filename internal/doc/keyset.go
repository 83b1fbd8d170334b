package doc

// keySet finds keys that are there twice: by comparing while a map is small,
// and by a set once it is not.
type keySet struct {
	many map[string]int
}

// add reports whether the key is new to the fields, which were added before it.
func (s *keySet) add(fields []Field, key string) bool {
	return s.find(fields, key) < 0
}

// find gives the index of the field with the key, or -1. Fields are only ever
// appended, and find is asked before each is.
func (s *keySet) find(fields []Field, key string) int {
	if len(fields) <= manyFields {
		for i := range fields {
			if fields[i].Key == key {
				return i
			}
		}
		return -1
	}
	if s.many == nil {
		s.many = make(map[string]int, 2*len(fields))
	}
	for i := len(s.many); i < len(fields); i++ {
		s.many[fields[i].Key] = i
	}
	if i, ok := s.many[key]; ok {
		return i
	}
	return -1
}
