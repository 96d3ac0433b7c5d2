package outbound_test

import (
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/outbound"
)

// TestSign: the test vector of Standard Webhooks.
func TestSign(t *testing.T) {
	h, err := outbound.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
		"webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "content-type": "application/json",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if _, err := outbound.Sign("whsec_%", "id", time.Unix(0, 0), nil); err == nil {
		t.Error("signed with a secret that can't be read")
	}
	if a, b := outbound.NewSecret(), outbound.NewSecret(); a == b || len(a) != len("whsec_")+44 {
		t.Errorf("%q, %q", a, b)
	}
}
