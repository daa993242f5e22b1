using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Options;

namespace Blackwall.Api.Keys;

/// <summary>
/// Counts wrong keys by address (IPv6 by /64, since whoever has one has all of it). Bounded: the entry that is nearest to its end makes room.
/// Only wrong keys are turned away: whoever has the right one gets in even from a locked address, else anybody behind the
/// owner's NAT could lock the owner out.
/// </summary>
public sealed class FailedKeys(IOptions<ApiOptions> options, TimeProvider time, ILogger<FailedKeys> log) : IStatsSource
{
    public const int MaxAddresses = 4096;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Prefix, Failures> _failures = [];
    private long _wrong;
    private long _turnedAway;
    private long _evicted;

    private sealed class Failures
    {
        public int Count;
        public long Since;
    }

    public string Name => "keys";

    /// <summary>Counts a wrong key. Null: say that it is wrong; else how long this address has to wait.</summary>
    public TimeSpan? Count(Address client)
    {
        Prefix source = client.IsV4 ? Prefix.Host(client) : Prefix.Around(client, 64);
        lock (_lock)
        {
            _wrong++;
            if (!_failures.TryGetValue(source, out Failures? failures) || time.GetElapsedTime(failures.Since) >= Window)
            {
                if (failures is null && _failures.Count >= MaxAddresses)
                {
                    _failures.Remove(_failures.MinBy(pair => pair.Value.Since).Key);
                    _evicted++;
                }

                _failures[source] = failures = new Failures { Since = time.GetTimestamp() };
            }

            if (++failures.Count <= options.Value.MaxFailures)
            {
                return null;
            }

            if (failures.Count == options.Value.MaxFailures + 1)
            {
                ApiLog.LockedOut(log, source.ToString(), failures.Count);
            }

            _turnedAway++;
            TimeSpan left = Window - time.GetElapsedTime(failures.Since);
            return left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1);
        }
    }

    public IReadOnlyDictionary<string, long> Read()
    {
        lock (_lock)
        {
            return new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["wrong"] = _wrong,
                ["turnedAway"] = _turnedAway,
                ["addresses"] = _failures.Count,
                ["evicted"] = _evicted,
            };
        }
    }
}
