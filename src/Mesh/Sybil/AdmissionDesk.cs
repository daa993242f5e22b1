using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Sybil;

/// <summary>
/// Lets identities in: their proof of work is checked once in a period, few at a time, and so many new ones of a network are heard. Thread-safe.
/// </summary>
public sealed class AdmissionDesk : IDisposable
{
    private const int AtOnce = 2;
    private const int Waiting = 64;
    private const int Capacity = 100_000;

    private readonly IdentityProof? _proof;
    private readonly Func<PeerId, bool> _isKnown;
    private readonly Func<PeerId, NetworkPlace> _place;
    private readonly AdmissionRates _rates = new();
    private readonly Dictionary<PeerId, ulong> _admitted = [];
    private readonly Queue<PeerId> _order = new();
    private readonly SemaphoreSlim _checks = new(AtOnce);
    private readonly Lock _gate = new();
    private int _waiting;

    /// <param name="proof">What identities owe; null: nothing.</param>
    /// <param name="isKnown">Whether an identity was heard before: only new ones count against the rates of their network.</param>
    /// <param name="place">Where an identity was reached.</param>
    public AdmissionDesk(IdentityProof? proof, Func<PeerId, bool> isKnown, Func<PeerId, NetworkPlace> place) => (_proof, _isKnown, _place) = (proof, isKnown, place);

    /// <summary>Asks for an identity.</summary>
    public async ValueTask<AdmissionResult> AskAsync(PeerId id, ulong period, ulong nonce, DateTimeOffset now)
    {
        lock (_gate)
        {
            // Who was let in under either of two neighbouring periods stays so: nobody falls out at midnight.
            if (_admitted.TryGetValue(id, out ulong admitted) && admitted + 1 >= IdentityProof.PeriodOf(now))
            {
                return AdmissionResult.Admitted;
            }
        }

        if (_proof is not null)
        {
            ulong current = IdentityProof.PeriodOf(now);
            if (period + 1 < current || period > current + 1)
            {
                return AdmissionResult.WrongPeriod;
            }

            if (!_proof.MayHold(id, period, nonce))
            {
                return AdmissionResult.NoProof;
            }

            if (Interlocked.Increment(ref _waiting) > Waiting)
            {
                Interlocked.Decrement(ref _waiting);
                return AdmissionResult.TooMany;
            }

            try
            {
                await _checks.WaitAsync().ConfigureAwait(false);
                try
                {
                    if (!await Task.Run(() => _proof.Holds(id, period, nonce)).ConfigureAwait(false))
                    {
                        return AdmissionResult.NoProof;
                    }
                }
                finally
                {
                    _checks.Release();
                }
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }

        bool isKnown = _isKnown(id);
        NetworkPlace place = _place(id);
        lock (_gate)
        {
            if (!isKnown && !_rates.TryAdmit(place, now))
            {
                return AdmissionResult.TooMany;
            }

            if (!_admitted.ContainsKey(id))
            {
                _order.Enqueue(id);
                if (_order.Count > Capacity)
                {
                    _admitted.Remove(_order.Dequeue());
                }
            }

            _admitted[id] = _proof is null ? IdentityProof.PeriodOf(now) : period;
            return AdmissionResult.Admitted;
        }
    }

    public void Dispose() => _checks.Dispose();
}
