package notify

import "context"

// Hider is a surface that can tell when the system keeps its notifications off
// the screen: "do not disturb", presentation mode and the like.
type Hider interface {
	// Hidden is true if notifications are hidden now. It is false where the
	// system does not say. It waits for the surface as long as ctx allows.
	Hidden(ctx context.Context) (bool, error)
}
