package agent

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"strconv"
)

// SOCKS version 5 (RFC 1928), with a name and password (RFC 1929).
const (
	socksVersion  = 5
	socksOpen     = 0
	socksPassword = 2
	socksConnect  = 1

	socksIPv4, socksName, socksIPv6 = 1, 3, 4

	longestSOCKSText = 255
)

// askSOCKS has a SOCKS proxy connect to an address. A name is looked up by the
// proxy: this computer may not know the names beyond it.
func askSOCKS(conn net.Conn, user *url.Userinfo, address string) error {
	hello := []byte{socksVersion, 1, socksOpen}
	if user != nil {
		hello = []byte{socksVersion, 2, socksOpen, socksPassword}
	}
	answer, err := socksTurn(conn, hello, 2)
	switch {
	case err != nil:
		return err
	case answer[0] != socksVersion:
		return refusal{noProxy, "no SOCKS 5"}
	case answer[1] == socksPassword && user != nil:
		if err := socksSignIn(conn, user); err != nil {
			return err
		}
	case answer[1] != socksOpen:
		return refusal{wantsPassword, "no acceptable way to sign in"}
	}
	request, err := socksRequest(address)
	if err != nil {
		return err
	}
	answer, err = socksTurn(conn, request, 4)
	if err != nil {
		return err
	}
	if answer[0] != socksVersion || answer[1] != 0 {
		return socksRefusal(answer[1])
	}
	return socksSkipAddress(conn, answer[3])
}

// socksTurn writes a message and reads an answer of a known size.
func socksTurn(conn net.Conn, message []byte, size int) ([]byte, error) {
	if _, err := conn.Write(message); err != nil {
		return nil, err
	}
	answer := make([]byte, size)
	_, err := io.ReadFull(conn, answer)
	return answer, err
}

func socksSignIn(conn net.Conn, user *url.Userinfo) error {
	name := user.Username()
	password, _ := user.Password()
	if len(name) > longestSOCKSText || len(password) > longestSOCKSText {
		return errors.New("the proxy's name or password is too long for SOCKS")
	}
	message := append([]byte{1, byte(len(name))}, name...)
	message = append(append(message, byte(len(password))), password...)
	answer, err := socksTurn(conn, message, 2)
	if err == nil && answer[1] != 0 {
		err = refusal{wantsPassword, "the name or password is wrong"}
	}
	return err
}

func socksRequest(address string) ([]byte, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, err
	}
	if len(host) > longestSOCKSText {
		return nil, errors.New("the hub's name is too long for SOCKS")
	}
	message := []byte{socksVersion, socksConnect, 0}
	switch ip, err := netip.ParseAddr(host); {
	case err != nil:
		message = append(append(message, socksName, byte(len(host))), host...)
	case ip.Unmap().Is4():
		message = append(append(message, socksIPv4), ip.Unmap().AsSlice()...)
	default:
		message = append(append(message, socksIPv6), ip.AsSlice()...)
	}
	return append(message, byte(number>>8), byte(number)), nil
}

// socksRefusal names the codes of RFC 1928, section 6.
func socksRefusal(code byte) error {
	said := fmt.Sprintf("SOCKS code %d", code)
	switch code {
	case 2: // not allowed by the ruleset
		return refusal{forbids, said}
	case 7, 8: // command or kind of address not supported
		return refusal{noProxy, said}
	default: // network or host unreachable, refused, too late, general failure
		return refusal{cantReach, said}
	}
}

// socksSkipAddress reads where the proxy connected from, which nobody needs.
func socksSkipAddress(conn net.Conn, kind byte) error {
	size := 0
	switch kind {
	case socksIPv4:
		size = net.IPv4len
	case socksIPv6:
		size = net.IPv6len
	case socksName:
		length := make([]byte, 1)
		if _, err := io.ReadFull(conn, length); err != nil {
			return err
		}
		size = int(length[0])
	default:
		return refusal{noProxy, "an address of an unknown kind"}
	}
	_, err := io.CopyN(io.Discard, conn, int64(size+2))
	return err
}
