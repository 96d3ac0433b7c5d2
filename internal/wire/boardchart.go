package wire

// WallboardCharts are today's calls as a wallboard draws them.
type WallboardCharts struct {
	// Steps are the upper ends of the waiting times that are counted together, in
	// seconds; what waited longer is counted last.
	Steps  []int64               `json:"steps"`
	Total  WallboardChart        `json:"total"`
	Queues []WallboardQueueChart `json:"queues"`
}

// WallboardQueueChart are the calls of one queue.
type WallboardQueueChart struct {
	Name string `json:"name"`
	WallboardChart
}

// WallboardChart are calls by when they came, and by how long they waited.
type WallboardChart struct {
	// Quarters are those from the first that had a call until now, without gaps.
	Quarters []WallboardQuarter `json:"quarters"`
	Waits    []int              `json:"waits"` // as many as Steps, and one
}

// WallboardQuarter are the calls that came within a quarter of an hour, by what
// became of them.
type WallboardQuarter struct {
	At       Time `json:"at"`
	Answered int  `json:"answered"`
	Missed   int  `json:"missed"`
	Left     int  `json:"left"`    // the customer left first
	Waiting  int  `json:"waiting"` // still
}
