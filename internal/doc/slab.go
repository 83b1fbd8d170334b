package doc

// slab hands out nodes, fields and items from larger pieces, so that a tree
// costs few allocations. It serves one document: a piece lives as long as
// anything in it, and one that two documents share would chain the second to
// the first.
type slab struct {
	nodes  []Node
	fields []Field
	items  []*Node
	pieces int
}

// maxPieceSize bounds what a tree holds on to beyond its own size.
const maxPieceSize = 1024

// pieceSize grows with use: a small document does not pay for a large one.
func (s *slab) pieceSize() int {
	s.pieces++
	return min(16<<min(s.pieces, 6), maxPieceSize)
}

func (s *slab) node() *Node {
	if len(s.nodes) == 0 {
		s.nodes = make([]Node, s.pieceSize())
	}
	n := &s.nodes[0]
	s.nodes = s.nodes[1:]
	return n
}

// fieldList gives an empty slice that holds n without growing.
func (s *slab) fieldList(n int) []Field {
	if n == 0 {
		return nil
	}
	if n > len(s.fields) {
		if n >= maxPieceSize/8 {
			return make([]Field, 0, n)
		}
		s.fields = make([]Field, max(s.pieceSize(), n))
	}
	out := s.fields[:0:n]
	s.fields = s.fields[n:]
	return out
}

// itemList gives an empty slice that holds n without growing.
func (s *slab) itemList(n int) []*Node {
	if n == 0 {
		return nil
	}
	if n > len(s.items) {
		if n >= maxPieceSize/8 {
			return make([]*Node, 0, n)
		}
		s.items = make([]*Node, max(s.pieceSize(), n))
	}
	out := s.items[:0:n]
	s.items = s.items[n:]
	return out
}
