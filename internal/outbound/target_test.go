package outbound_test

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/deskbell/deskbell/internal/outbound"
)

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		url     string
		private bool
		ok      bool
	}{
		{"https://motion.example/api/openchannel/accounts/3/notify?apikey=k", false, true},
		{"https://203.0.114.9/hook", false, true},
		{"https://[2606:4700::1]/hook", false, true},

		{"http://motion.example/", false, false},
		{"http://motion.example/", true, false},
		{"http://127.0.0.1:80/", false, false},
		{"http://127.0.0.1:80/", true, true},
		{"http://localhost:80/", true, true},
		{"https://localhost/", false, false},
		{"https://LOCALHOST./", false, false},
		{"https://127.0.0.1/", false, false},
		{"https://127.0.0.1/", true, true},
		{"https://10.1.2.3/", false, false},
		{"https://10.1.2.3/", true, true},
		{"http://10.1.2.3/", true, false},
		{"https://169.254.169.254/latest/meta-data", true, false},
		{"https://0.0.0.0/", true, false},
		{"https://224.0.0.1/", true, false},
		{"https://[::1]/", false, false},
		{"https://[::ffff:10.0.0.1]/", false, false},
		{"https://[fd00::1]/", false, false},
		{"https://[fd00::1]/", true, true},
		{"https://user:word@motion.example/", false, false},
		{"https://motion.example/#part", false, false},
		{"file:///etc/passwd", true, false},
		{"gopher://motion.example/", true, false},
		{"motion.example", false, false},
		{"", false, false},
	} {
		if err := (outbound.Target{URL: test.url, Private: test.private}).Check(); (err == nil) != test.ok {
			t.Errorf("%s (private %v): %v", test.url, test.private, err)
		}
	}
}

// TestAdmits: addresses that a name may resolve to.
func TestAdmits(t *testing.T) {
	public := outbound.Target{URL: "https://name.example/"}
	private := outbound.Target{URL: "https://name.example/", Private: true}
	plain := outbound.Target{URL: "http://localhost/", Private: true}
	for _, test := range []struct {
		address                string
		public, private, plain bool
	}{
		{"8.8.8.8", true, true, false},
		{"2606:4700::1", true, true, false},
		{"127.0.0.1", false, true, true},
		{"127.8.8.8", false, true, true},
		{"::1", false, true, true},
		{"::ffff:127.0.0.1", false, true, true},
		{"10.0.0.1", false, true, false},
		{"172.16.0.1", false, true, false},
		{"172.32.0.1", true, true, false},
		{"192.168.1.1", false, true, false},
		{"100.64.0.1", false, true, false},
		{"198.18.0.1", false, true, false},
		{"fd00::1", false, true, false},
		{"64:ff9b::a00:1", false, true, false}, // 10.0.0.1 behind NAT64
		{"2002:a00:1::", false, true, false},   // and behind 6to4
		{"::a00:1", false, true, false},
		{"169.254.169.254", false, false, false},
		{"fe80::1", false, false, false},
		{"fe80::1%eth0", false, false, false},
		{"0.0.0.0", false, false, false},
		{"::", false, false, false},
		{"224.0.0.1", false, false, false},
		{"ff02::1", false, false, false},
		{"255.255.255.255", false, true, false},
		{"240.0.0.1", false, true, false},
	} {
		a := netip.MustParseAddr(test.address)
		for _, of := range []struct {
			target outbound.Target
			want   bool
		}{{public, test.public}, {private, test.private}, {plain, test.plain}} {
			if err := of.target.Admits(a); (err == nil) != of.want {
				t.Errorf("%s for %+v: %v", test.address, of.target, err)
			}
		}
	}
}

func TestShown(t *testing.T) {
	for url, want := range map[string]string{
		"": "",
		"https://motion.example/api/openchannel/accounts/3/notify?apikey=key": "https://motion.example/api/openchannel/accounts/3/notify?…",
		"https://hooks.example/services/T0/secret":                            "https://hooks.example/…",
		"https://hooks.example":                                               "https://hooks.example",
		"https://hooks.example/?token=secret":                                 "https://hooks.example?…",
		"secret":                                                              "(no address)",
		"%zz":                                                                 "(no address)",
	} {
		if got := (outbound.Target{URL: url}).Shown(); got != want {
			t.Errorf("%q is shown as %q, want %q", url, got, want)
		}
	}
}

func is(err error, want error) bool { return errors.Is(err, want) }
