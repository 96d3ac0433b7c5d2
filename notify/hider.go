package notify

import "context"

// Hider is a surface that can tell when the system keeps its notifications off
// the screen: "do not disturb", presentation mode and the like.
type Hider interface {
	// Hidden is true if notifications are hidden now. It is false where the
	// system does not say. It waits for the surface as long as ctx allows.
	Hidden(ctx context.Context) (bool, error)
}

// askHidden asks the goroutine that alone speaks to the system. One that has
// ended has nothing on the screen to hide.
func askHidden(ctx context.Context, asks chan<- chan<- bool, ended <-chan struct{}) (bool, error) {
	answer := make(chan bool, 1)
	select {
	case asks <- answer:
	case <-ended:
		return false, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
	select {
	case hidden := <-answer:
		return hidden, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}
