package parity

// InclusionSubject is the kind of the subjects that say which files a file of one
// environment includes though they are named for another environment. Their name
// is the including file. A collector states only those; a fact is never a
// difference because one side lacks it, only where the file is not its column's.
const InclusionSubject = "inclusion"

// Inclusion makes the subject and the fact of one file that another includes.
// format is that of the source's other subjects.
func Inclusion(format, including, included string, origin *Origin, line, col int32) (Subject, Fact) {
	s := Subject{Key: Key{Kind: InclusionSubject, Name: including}, Format: format, Origin: origin, Line: line, Col: col}
	return s, Fact{
		Path: "/includes[=" + included + "]", Value: Value{Kind: Text, Raw: included}, Rules: SetOf(IncludedFile),
		Surface: Delivery, Origin: origin, Line: line, Col: col,
	}
}
