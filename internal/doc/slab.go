package doc

// slab hands out nodes, fields and items from larger pieces, so that a tree
// costs few allocations. What it handed out lives as long as its piece.
type slab struct {
	free   []Node
	freeF  []Field
	freeI  []*Node
	pieces int
}

// pieceSize grows with use: a small document does not pay for a large one.
func (s *slab) pieceSize() int {
	s.pieces++
	return min(32<<min(s.pieces, 4), 512)
}

func (s *slab) node() *Node {
	if len(s.free) == 0 {
		s.free = make([]Node, s.pieceSize())
	}
	n := &s.free[0]
	s.free = s.free[1:]
	return n
}

// fields gives an empty slice that holds n without growing.
func (s *slab) fields(n int) []Field {
	if n == 0 {
		return nil
	}
	if n > len(s.freeF) {
		if n >= 64 {
			return make([]Field, 0, n)
		}
		s.freeF = make([]Field, max(s.pieceSize(), n))
	}
	out := s.freeF[:0:n]
	s.freeF = s.freeF[n:]
	return out
}

// items gives an empty slice that holds n without growing.
func (s *slab) items(n int) []*Node {
	if n == 0 {
		return nil
	}
	if n > len(s.freeI) {
		if n >= 64 {
			return make([]*Node, 0, n)
		}
		s.freeI = make([]*Node, max(s.pieceSize(), n))
	}
	out := s.freeI[:0:n]
	s.freeI = s.freeI[n:]
	return out
}
