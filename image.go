package parity

import "time"

// ImageSubject is the kind of the subjects that are images of a registry.
const ImageSubject = "image"

// Paths of facts of images that more than the one who states them looks at.
const (
	// ImageDigestPath is where an image states its reference with the digest
	// that its registry gives: an Image.
	ImageDigestPath = "/digest"
	// ImageManifestsPath is the list of the manifests of an index, by
	// platform; each is the text of a digest.
	ImageManifestsPath = "/manifests["
	// ImageCreatedPath is where an image states when it was made, in RFC 3339.
	ImageCreatedPath = "/created"
	// ImageHistoryPath is the list of the images that a workload ran before.
	ImageHistoryPath = "/history/images["
)

// ImageState says what an image of a compared column is to the different image
// that the reference has in its place. Exactly one holds.
type ImageState string

// The states of images.
const (
	// ImageRebuild: the same repository and tag with another digest.
	ImageRebuild ImageState = "rebuild"
	// ImagePending: the column is ahead; the reference has yet to get it.
	ImagePending ImageState = "pending"
	// ImageUnpromoted: the reference runs what the column, as far as is known,
	// never had.
	ImageUnpromoted ImageState = "unpromoted"
	// ImageBehind: the column runs an older image than the reference, whose
	// image it had before or, beside the reference or above it, has yet to get.
	ImageBehind ImageState = "behind"
	// ImageUnordered: another image of the repository, and nothing tells which
	// of the two is newer.
	ImageUnordered ImageState = "unordered"
	// ImageOther: an image of another repository.
	ImageOther ImageState = "other"
)

// ImageStates lists every state, the one that wants most attention first.
func ImageStates() []ImageState {
	return []ImageState{ImageUnpromoted, ImageRebuild, ImageBehind, ImageUnordered, ImageOther, ImagePending}
}

// ImageStanding is what is known of a difference between two images.
type ImageStanding struct {
	State ImageState `json:"state"`
	// Version names what State speaks of: the tag, or the beginning of the
	// digest, of the newer image where one is known to be, and else of the
	// column's.
	Version string `json:"version,omitempty"`
	// Since is when the newer image was made or, where that is not known, first
	// seen in the column; zero where neither is known.
	Since time.Time `json:"since,omitzero"`
	// Age is the time since then in words: "3 days".
	Age string `json:"age,omitempty"`
	// Promoted is set where the column is known to have had the reference's
	// image, now or before.
	Promoted bool `json:"promoted,omitempty"`
	// Why says what the state was told by.
	Why string `json:"why,omitempty"`
}
