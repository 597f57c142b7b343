"""Addresses that must not be called and some that must be, written without the product's table.

Beside each refused one stands what its refusal says; beside many networks stand their neighbours.
"""

REFUSED: tuple[tuple[str, str], ...] = (
    # IPv4: first, last and one in the middle of what is not public.
    ("0.0.0.0", "the unspecified address (RFC 1122)"),  # noqa: S104  an address to refuse
    ("0.0.0.1", "in 0.0.0.0/8"),
    ("0.255.255.255", "in 0.0.0.0/8"),
    ("10.0.0.0", "in 10.0.0.0/8, a private network (RFC 1918)"),
    ("10.0.0.5", "in 10.0.0.0/8, a private network (RFC 1918)"),
    ("10.255.255.255", "in 10.0.0.0/8, a private network (RFC 1918)"),
    ("100.64.0.0", "in 100.64.0.0/10"),
    ("100.101.102.103", "in 100.64.0.0/10"),
    ("100.127.255.255", "in 100.64.0.0/10"),
    ("127.0.0.1", "in 127.0.0.0/8, this computer itself (RFC 1122)"),
    ("127.0.0.53", "in 127.0.0.0/8, this computer itself"),
    ("127.255.255.255", "in 127.0.0.0/8, this computer itself"),
    ("169.254.0.0", "in 169.254.0.0/16, addresses of the local link (RFC 3927)"),
    ("169.254.0.23", "in 169.254.0.0/16, addresses of the local link"),
    ("169.254.255.255", "in 169.254.0.0/16, addresses of the local link"),
    ("172.16.0.0", "in 172.16.0.0/12, a private network (RFC 1918)"),
    ("172.17.0.1", "in 172.16.0.0/12, a private network (RFC 1918)"),
    ("172.31.255.255", "in 172.16.0.0/12, a private network (RFC 1918)"),
    ("192.0.0.0", "in 192.0.0.0/24"),
    ("192.0.0.8", "in 192.0.0.0/24"),
    ("192.0.0.9", "a service of the nearest router (RFC 7723)"),
    ("192.0.0.10", "a service of the nearest router (RFC 8155)"),
    ("192.0.0.170", "in 192.0.0.0/24"),
    ("192.0.0.255", "in 192.0.0.0/24"),
    ("192.0.2.0", "in 192.0.2.0/24, addresses for examples (RFC 5737)"),
    ("192.0.2.255", "in 192.0.2.0/24, addresses for examples (RFC 5737)"),
    ("192.88.99.0", "in 192.88.99.0/24"),
    ("192.88.99.1", "in 192.88.99.0/24"),
    ("192.88.99.255", "in 192.88.99.0/24"),
    ("192.168.0.0", "in 192.168.0.0/16, a private network (RFC 1918)"),
    ("192.168.1.1", "in 192.168.0.0/16, a private network (RFC 1918)"),
    ("192.168.255.255", "in 192.168.0.0/16, a private network (RFC 1918)"),
    ("198.18.0.0", "in 198.18.0.0/15, addresses for tests"),
    ("198.19.255.255", "in 198.18.0.0/15, addresses for tests"),
    ("198.51.100.7", "in 198.51.100.0/24, addresses for examples"),
    ("203.0.113.255", "in 203.0.113.0/24, addresses for examples"),
    ("224.0.0.1", "in 224.0.0.0/4, multicast groups"),
    ("233.252.0.1", "in 224.0.0.0/4, multicast groups"),
    ("239.255.255.255", "in 224.0.0.0/4, multicast groups"),
    ("240.0.0.0", "in 240.0.0.0/4, addresses that are given to nobody"),
    ("255.255.255.254", "in 240.0.0.0/4, addresses that are given to nobody"),
    ("255.255.255.255", "every host of a network (RFC 919)"),
    # What clouds keep for themselves, some of it in public space.
    ("169.254.169.254", "an address by which a cloud talks to its machines"),
    ("169.254.170.2", "an address by which a cloud talks to its machines"),
    ("169.254.170.23", "an address by which a cloud talks to its machines"),
    ("169.254.42.42", "an address by which a cloud talks to its machines"),
    ("100.100.100.200", "an address by which a cloud talks to its machines (Alibaba"),
    ("192.0.0.192", "an address by which a cloud talks to its machines (Oracle"),
    ("168.63.129.16", "an address by which a cloud talks to its machines (Microsoft"),
    ("fd00:ec2::254", "an address by which a cloud talks to its machines (AWS"),
    ("fd00:ec2::23", "an address by which a cloud talks to its machines (AWS"),
    ("fd20:ce::254", "an address by which a cloud talks to its machines (Google"),
    ("fd00:c1::a9fe:a9fe", "an address by which a cloud talks to its machines (Oracle"),
    ("fd00:42::42", "an address by which a cloud talks to its machines (Scaleway"),
    ("fd00:a9fe:a9fe::1", "an address by which a cloud talks to its machines (Akamai"),
    ("fe80::a9fe:a9fe", "an address by which a cloud talks to its machines (Akamai"),
    # IPv6.
    ("::", "the unspecified address (RFC 4291)"),
    ("::1", "this computer itself (RFC 4291)"),
    ("100::", "in 100::/64, addresses whose traffic is thrown away (RFC 6666)"),
    ("100::ffff:ffff:ffff:ffff", "in 100::/64"),
    ("100:0:0:1::", "in 100:0:0:1::/64"),
    ("100:0:0:2::", "in ::/0, addresses that are given to nobody"),
    ("200::1", "in ::/0, addresses that are given to nobody"),
    ("1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "in ::/0, addresses that are given to nobody"),
    ("2001:0:808:808::f7f7:f7f7", "in 2001::/32, a Teredo tunnel to IPv4"),
    ("2001:1::1", "a service of the nearest router"),
    ("2001:1::2", "a service of the nearest router"),
    ("2001:1::3", "a service of the nearest router"),
    ("2001:1::4", "in 2001::/23"),
    ("2001:2::1", "in 2001:2::/48, addresses for tests"),
    ("2001:2:1::", "in 2001::/23"),
    ("2001:10::1", "in 2001:10::/28"),
    ("2001:20::1", "in 2001:20::/28"),
    ("2001:30::1", "in 2001:30::/28"),
    ("2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "in 2001::/23"),
    ("2001:db8::", "in 2001:db8::/32, addresses for examples (RFC 3849)"),
    ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "in 2001:db8::/32, addresses for examples"),
    ("2002:101:101::1", "in 2002::/16, a 6to4 tunnel to IPv4 (RFC 3056)"),
    ("3fff::", "in 3fff::/20, addresses for examples (RFC 9637)"),
    ("3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "in 3fff::/20, addresses for examples"),
    ("4000::", "in ::/0, addresses that are given to nobody"),
    ("5f00::1", "in 5f00::/16, segments of a routing domain (RFC 9602)"),
    ("5f01::1", "in ::/0, addresses that are given to nobody"),
    ("fbff::1", "in ::/0, addresses that are given to nobody"),
    ("fc00::1", "in fc00::/7, a private network (RFC 4193)"),
    ("fd12:3456:789a::1", "in fc00::/7, a private network (RFC 4193)"),
    ("fe00::1", "in ::/0, addresses that are given to nobody"),
    ("fe80::1", "in fe80::/10, addresses of the local link (RFC 4291)"),
    ("febf:ffff::1", "in fe80::/10, addresses of the local link"),
    ("fec0::1", "in fec0::/10, a site's own network (RFC 3879)"),
    ("feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "in fec0::/10, a site's own network"),
    ("ff02::1", "in ff00::/8, multicast groups"),
    ("ff0e::1", "in ff00::/8, multicast groups"),
    # IPv4 inside IPv6.
    ("::ffff:10.0.0.1", "in 10.0.0.0/8"),
    ("::ffff:127.0.0.1", "in 127.0.0.0/8"),
    ("::ffff:169.254.169.254", "an address by which a cloud talks to its machines"),
    ("::ffff:168.63.129.16", "an address by which a cloud talks to its machines"),
    ("::10.0.0.1", "holds 10.0.0.1, which is in 10.0.0.0/8, a private network (RFC 1918)"),
    ("::8.8.8.8", "in ::/96"),
    ("::ffff:0:10.0.0.1", "holds 10.0.0.1, which is in 10.0.0.0/8"),
    ("::ffff:0:8.8.8.8", "in ::ffff:0:0:0/96"),
    ("64:ff9b::10.0.0.1", "holds 10.0.0.1, which is in 10.0.0.0/8"),
    ("64:ff9b::127.0.0.1", "holds 127.0.0.1, which is in 127.0.0.0/8"),
    ("64:ff9b::169.254.169.254", "holds 169.254.169.254, which is an address by which"),
    ("64:ff9b:1::8.8.8.8", "in 64:ff9b:1::/48, a local translator to IPv4 (RFC 8215)"),
    ("64:ff9b:1:a00:0:100::", "in 64:ff9b:1::/48"),
    ("64:ff9b:2::1", "in ::/0"),
    ("2002:7f00:1::", "holds 127.0.0.1, which is in 127.0.0.0/8"),
    ("2002:a9fe:a9fe::1", "holds 169.254.169.254, which is an address by which"),
    ("2001:0:a00:1::f7f7:f7f7", "holds 10.0.0.1, which is in 10.0.0.0/8"),  # Teredo's server
    ("2001:0:808:808:0:0:f5ff:fffe", "holds 10.0.0.1, which is in 10.0.0.0/8"),  # its client
    ("2606:4700::5efe:10.0.0.1", "holds 10.0.0.1, which is in 10.0.0.0/8"),  # ISATAP
    ("2606:4700::200:5efe:10.0.0.1", "holds 10.0.0.1, which is in 10.0.0.0/8"),
    ("2606:4700::200:5efe:127.0.0.1", "holds 127.0.0.1, which is in 127.0.0.0/8"),
    ("fe80::5efe:8.8.8.8", "in fe80::/10"),
    ("2002:808:808::5efe:10.0.0.1", "holds 10.0.0.1, which is in 10.0.0.0/8"),  # two forms at once
)

PUBLIC: tuple[str, ...] = (
    "1.0.0.0",  # after 0.0.0.0/8
    "1.1.1.1",
    "8.8.8.8",
    "9.9.9.9",
    "9.255.255.255",  # before 10.0.0.0/8
    "11.0.0.0",
    "34.96.76.122",
    "100.63.255.255",  # before 100.64.0.0/10
    "100.128.0.0",
    "126.255.255.255",  # before 127.0.0.0/8
    "128.0.0.0",
    "162.159.140.245",
    "168.63.129.15",  # beside the cloud's own
    "168.63.129.17",
    "169.253.255.255",  # before 169.254.0.0/16
    "169.255.0.0",
    "172.15.255.255",  # before 172.16.0.0/12
    "172.32.0.0",
    "191.255.255.255",  # before 192.0.0.0/24
    "192.0.1.0",
    "192.0.1.255",  # before 192.0.2.0/24
    "192.0.3.0",
    "192.31.196.1",  # name servers of project AS112
    "192.88.98.255",  # before 192.88.99.0/24
    "192.88.100.0",
    "192.167.255.255",  # before 192.168.0.0/16
    "192.169.0.0",
    "198.17.255.255",  # before 198.18.0.0/15
    "198.20.0.0",
    "198.51.99.255",  # before 198.51.100.0/24
    "198.51.101.0",
    "203.0.112.255",  # before 203.0.113.0/24
    "203.0.114.0",
    "223.255.255.255",  # before 224.0.0.0/4
    "2000::1",
    "2001:200::1",  # after 2001::/23
    "2001:3::1",  # public within it
    "2001:4:112::1",
    "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",  # before 2001:db8::/32
    "2001:db9::1",
    "2001:4860:4860::8888",
    "2003::1",  # after 2002::/16
    "2400:cb00::1",
    "2606:4700::1111",
    "2606:4700::6812:1f0c",
    "2620:4f:8000::1",
    "2a00:1450:4001:80e::200a",
    "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",  # before 3fff::/20
    "3fff:1000::1",
    "2606:4700::5efe:8.8.8.8",  # ISATAP to a public address
    "2606:4700::201:5efe:a00:1",  # no ISATAP
    "64:ff9b::8.8.8.8",  # how an IPv6-only network reaches every API by IPv4
    "64:ff9b::162.159.140.245",
    "::ffff:1.1.1.1",
)
