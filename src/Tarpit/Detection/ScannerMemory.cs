using System.Net;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Detection;

/// <summary>Which addresses only look: several sessions in a row without one try to log in. Bounded. Thread-safe.</summary>
internal sealed class ScannerMemory
{
    private const int Sessions = 6;
    private const int MostAddresses = 16_384;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _empty = [];
    private readonly Queue<IPAddress> _order = new();

    public bool OnlyLooks(IPAddress address)
    {
        lock (_lock)
        {
            return _empty.GetValueOrDefault(address) >= Sessions;
        }
    }

    /// <summary>A log that notices whether somebody tries to log in; ended by <see cref="Ended"/>.</summary>
    public static WatchingLog Watch(ISessionLog log) => new(log);

    public void Ended(IPAddress address, WatchingLog log)
    {
        lock (_lock)
        {
            if (log.HasLogin)
            {
                _empty[address] = int.MinValue / 2;
            }
            else if (_empty.TryGetValue(address, out int before))
            {
                _empty[address] = before + 1;
            }
            else
            {
                if (_order.Count == MostAddresses)
                {
                    _empty.Remove(_order.Dequeue());
                }

                _empty[address] = 1;
                _order.Enqueue(address);
            }
        }
    }

    /// <summary>Passes everything on.</summary>
    internal sealed class WatchingLog(ISessionLog log) : ISessionLog
    {
        public bool HasLogin { get; private set; }

        public string Id => log.Id;

        public void Record(Observation observation)
        {
            HasLogin |= observation.Kind is ObservationKinds.Login or ObservationKinds.PublicKey;
            log.Record(observation);
        }

        public void RecordTerminal(bool isInput, ReadOnlySpan<byte> bytes) => log.RecordTerminal(isInput, bytes);

        public string SaveFile(string name, ReadOnlySpan<byte> content) => log.SaveFile(name, content);
    }
}
