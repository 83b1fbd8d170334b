package parity

// Binding is a role with each environment's spelling of it.
type Binding struct {
	// ID is short and stable within one result: "account-1".
	ID string `json:"id"`
	// Role says what is bound: "environment", "account", "domain", "host",
	// "name", or the name that parity.yaml gives it.
	Role string `json:"role"`
	// Spellings are by column; an empty list member stands for the empty
	// spelling.
	Spellings []Spelling `json:"spellings"`
	// Origin is "declared", "frozen", "known" (environment words) or "learned".
	Origin string `json:"origin"`
	// Support counts the distinct subjects that speak for it, Against those
	// that speak against.
	Support int `json:"support"`
	Against int `json:"against"`
	// Facts counts the facts that it made equal.
	Facts int `json:"facts"`
	// Examples are a few subjects and paths that support it.
	Examples []FactRef `json:"examples,omitempty"`
	// Note says why a declared binding has no effect; empty where it has.
	Note string `json:"note,omitempty"`
}

// Spelling is what one column calls a role.
type Spelling struct {
	Column string `json:"column"`
	// Text is the spelling; empty is the empty spelling.
	Text string `json:"text"`
}

// SharedValue is one value that carries one environment's spelling and is the
// same everywhere, or one secret or opaque address that several environments
// have.
type SharedValue struct {
	// Token is the part that is shared; Owner the column whose spelling it is.
	Token string `json:"token"`
	Owner string `json:"owner"`
	// Example is one whole value.
	Example string    `json:"example"`
	Facts   int       `json:"facts"`
	Where   []FactRef `json:"where,omitempty"`
	// Secret marks one secret of several environments. Token and Example then
	// say nothing of it.
	Secret bool `json:"secret,omitempty"`
	// Columns are the environments that have one secret or one address.
	Columns []string `json:"columns,omitempty"`
}

// IdentifierPair is one opaque identifier that stands for another, one to one.
type IdentifierPair struct {
	Shape     string     `json:"shape"` // "uuid", "arn", "hash", "account", "id", "number"
	Spellings []Spelling `json:"spellings"`
	Facts     int        `json:"facts"`
}
