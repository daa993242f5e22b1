using System.Net;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.AspNetCore.Connections;

namespace Blackwall.Api.Connections;

/// <summary>
/// Limits connections that have not shown an API key, so that they cannot keep out those that have. Without a key a connection ends after ten seconds,
/// and there are few of them an address (IPv6: a /64) and few in total. When the limit is reached the oldest is closed, so a new client always gets in
/// and only has to show its key. Thread-safe.
/// </summary>
internal sealed class ConnectionGate(TimeProvider time) : IStatsSource
{
    /// <summary>Connections of an address without a key.</summary>
    public const int MostOfSource = 32;

    /// <summary>Connections without a key.</summary>
    public const int MostUnproven = 256;

    /// <summary>Connections that one key keeps for as long as it likes; more of them stay as if without a key.</summary>
    public const int MostOfKey = 128;

    /// <summary>How long a connection without a key stays.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly LinkedList<ConnectionTicket> _unproven = new();
    private readonly Dictionary<long, int> _proven = [];
    private long _displaced;
    private long _timedOut;

    public string Name => "connections";

    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Address address = connection.RemoteEndPoint is IPEndPoint remote ? Address.From(remote.Address) : Address.None;
        ConnectionTicket ticket = new(this, connection, address.IsV4 ? Prefix.Host(address) : Prefix.Around(address, 64));
        Admit(ticket);
        connection.Features.Set(ticket);
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(ticket);
        }
    }

    public IReadOnlyDictionary<string, long> Read()
    {
        lock (_lock)
        {
            return new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["withoutKey"] = _unproven.Count,
                ["withKey"] = _proven.Values.Sum(),
                ["displaced"] = _displaced,
                ["timedOut"] = _timedOut,
            };
        }
    }

    internal void Admit(ConnectionTicket ticket)
    {
        ConnectionTicket? displaced = null;
        lock (_lock)
        {
            // The oldest of the same source first, then the oldest of the source that has most.
            if (_unproven.Count(other => other.Source == ticket.Source) >= MostOfSource)
            {
                displaced = _unproven.First(other => other.Source == ticket.Source);
            }
            else if (_unproven.Count >= MostUnproven)
            {
                Prefix most = _unproven.GroupBy(other => other.Source).MaxBy(group => group.Count())!.Key;
                displaced = _unproven.First(other => other.Source == most);
            }

            if (displaced is not null)
            {
                _unproven.Remove(displaced);
                _displaced++;
            }

            _unproven.AddLast(ticket);
            ticket.Deadline = time.CreateTimer(_ => TimeOut(ticket), null, Patience, Timeout.InfiniteTimeSpan);
        }

        displaced?.Close("Another connection without a key took its place.");
    }

    internal void Prove(ConnectionTicket ticket, long key)
    {
        lock (_lock)
        {
            int of = _proven.GetValueOrDefault(key);
            if (ticket.IsProven || of >= MostOfKey || !_unproven.Remove(ticket))
            {
                return;
            }

            _proven[key] = of + 1;
            (ticket.IsProven, ticket.Key) = (true, key);
            ticket.Deadline?.Dispose();
        }
    }

    internal void Leave(ConnectionTicket ticket)
    {
        lock (_lock)
        {
            ticket.Deadline?.Dispose();
            _unproven.Remove(ticket);
            if (ticket.IsProven && --_proven[ticket.Key] == 0)
            {
                _proven.Remove(ticket.Key);
            }
        }
    }

    private void TimeOut(ConnectionTicket ticket)
    {
        lock (_lock)
        {
            if (!_unproven.Remove(ticket))
            {
                return;
            }

            _timedOut++;
        }

        ticket.Close("No key was shown in time.");
    }
}
