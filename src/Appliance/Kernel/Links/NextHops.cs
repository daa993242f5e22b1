using Blackwall.Kernel.Interop;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Links;

/// <summary>
/// Next hops of all routes in all tables, asked by netlink. A router may hold a million routes, so they are read again only when the kernel told
/// of a change. Thread-safe.
/// </summary>
internal sealed class NextHops : INextHops, IDisposable
{
    private const ushort GetRoute = 26, NewRoute = 24;       // RTM_GETROUTE, RTM_NEWROUTE
    private const ushort GetNextHop = 106, NewNextHop = 104; // RTM_GETNEXTHOP, RTM_NEWNEXTHOP; kernel 5.3
    private const byte V4 = 2, V6 = 10;                      // AF_INET, AF_INET6
    private const uint RouteGroups = 0x40 | 0x400;           // RTMGRP_IPV4_ROUTE, RTMGRP_IPV6_ROUTE

    private readonly Lock _lock = new();
    private SafeFileHandle? _changes;
    private IReadOnlyList<Address>? _known;

    public IReadOnlyList<Address> Read()
    {
        lock (_lock)
        {
            // First heard, then read: a change in between is read twice and not missed.
            _changes ??= NetlinkSocket.Watch(RouteGroups);
            bool changed = _changes.IsInvalid || _changes.IsClosed || NetlinkSocket.Drain(_changes);
            if (_known is not null && !changed)
            {
                return _known;
            }

            HashSet<Address> hops = [];
            Dump(GetRoute, NewRoute, [V4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], message => RouteMessage.ReadRoute(message, hops));
            Dump(GetRoute, NewRoute, [V6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], message => RouteMessage.ReadRoute(message, hops));

            // A kernel without nexthop objects has none to tell of.
            _ = NetlinkSocket.DumpAll(GetNextHop, NewNextHop, stackalloc byte[8], message => RouteMessage.ReadNextHop(message, hops));
            return _known = [.. hops];
        }
    }

    public void Dispose() => _changes?.Dispose();

    private static void Dump(ushort request, ushort answer, ReadOnlySpan<byte> body, NetlinkSocket.Reader reader)
    {
        int result = NetlinkSocket.DumpAll(request, answer, body, reader);
        if (result < 0)
        {
            throw new IOException($"The kernel does not tell its routes ({Errno.Name(-result)}).");
        }
    }
}
