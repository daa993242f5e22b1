using System.Buffers.Text;
using System.Text;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Tarpit;
using Microsoft.Extensions.Options;

namespace Blackwall.Bridges.Tarpit;

/// <summary>
/// Knows the planted credentials: those of [tarpit] canaries, and those that lie about in the tarpit itself. Their use anywhere on this node is evidence
/// "canary-used" of who uses them. The evidence names the user and the place, never the secret.
/// </summary>
internal sealed class CanaryWatch(IOptions<TarpitOptions> options, TarpitIdentityFile identityFile, IDecisionSink decisions, IEnumerable<IEvidenceSink> journals, TimeProvider time) : ICredentialCanaries
{
    public const string EvidenceKind = "canary-used";

    private const int LongestHeader = 512;
    private const int MostRecent = 1024;
    private const double Weight = 1;
    private static readonly TimeSpan s_repeat = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(Address Source, int Canary, string Place), long> _recent = [];
    private readonly Lazy<(byte[] Pair, string User)[]> _canaries = new(() =>
        [.. options.Value.Canaries.Concat(Planted(identityFile, time)).Distinct(StringComparer.Ordinal).Select(pair => (Encoding.UTF8.GetBytes(pair), pair.Split(':')[0]))]);

    public void OnLogin(Address source, string user, string secret, string place, EvidenceClass evidenceClass)
    {
        int index = Array.FindIndex(_canaries.Value, canary => canary.Pair.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes($"{user}:{secret}")));
        if (index >= 0)
        {
            Report(source, index, place, evidenceClass);
        }
    }

    public void OnAuthorization(Address source, ReadOnlySpan<byte> value, string place, EvidenceClass evidenceClass)
    {
        value = value.Trim((byte)' ');
        int space = value.IndexOf((byte)' ');
        if (space <= 0 || value.Length > LongestHeader)
        {
            return;
        }

        ReadOnlySpan<byte> scheme = value[..space], rest = value[(space + 1)..].TrimStart((byte)' ');
        Span<byte> pair = stackalloc byte[LongestHeader];
        int length;
        if (Ascii.EqualsIgnoreCase(scheme, "Basic"u8))
        {
            if (Base64.DecodeFromUtf8(rest, pair, out _, out length) is not System.Buffers.OperationStatus.Done)
            {
                return;
            }
        }
        else if (Ascii.EqualsIgnoreCase(scheme, "Bearer"u8))
        {
            // A token is a canary without a user.
            pair[0] = (byte)':';
            rest.CopyTo(pair[1..]);
            length = rest.Length + 1;
        }
        else
        {
            return;
        }

        (byte[] Pair, string User)[] canaries = _canaries.Value;
        for (int i = 0; i < canaries.Length; i++)
        {
            if (pair[..length].SequenceEqual(canaries[i].Pair))
            {
                Report(source, i, place, evidenceClass);
                return;
            }
        }
    }

    private static IReadOnlyList<string> Planted(TarpitIdentityFile file, TimeProvider time)
    {
        try
        {
            return PlantedCredentials.Of(file.ReadOrCreate(), time);
        }
        catch (IOException)
        {
            // The supervisor tells of it.
            return [];
        }
    }

    private void Report(Address source, int canary, string place, EvidenceClass evidenceClass)
    {
        lock (_lock)
        {
            if (_recent.TryGetValue((source, canary, place), out long before) && time.GetElapsedTime(before) < s_repeat)
            {
                return;
            }

            if (_recent.Count >= MostRecent)
            {
                _recent.Clear();
            }

            _recent[(source, canary, place)] = time.GetTimestamp();
        }

        string user = _canaries.Value[canary].User;
        Evidence evidence = decisions.Witness(new Evidence(0, source, EvidenceKind, evidenceClass, Weight, time.GetUtcNow(), $"It used planted credentials ({(user.Length == 0 ? "a token" : $"user {Quoted(user)}")}) at {place}."));
        foreach (IEvidenceSink journal in journals)
        {
            journal.Record(evidence);
        }
    }

    private static string Quoted(string user) => "'" + string.Concat(user.Take(64).Select(c => char.IsControl(c) ? '?' : c)) + "'";
}
