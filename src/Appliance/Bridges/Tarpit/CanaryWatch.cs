using System.Buffers.Text;
using System.Text;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Time;
using Blackwall.Tarpit;
using Microsoft.Extensions.Options;

namespace Blackwall.Bridges.Tarpit;

/// <summary>
/// Knows the planted credentials: those of [tarpit] canaries, and those that lie about in the tarpit itself. Their use anywhere on this node is evidence
/// "canary-used" of who uses them. The evidence names the user and the place, never the secret.
/// </summary>
internal sealed class CanaryWatch(IOptions<TarpitOptions> options, TarpitIdentityFile identityFile, TimeProvider time) : ICredentialCanaries
{
    public const string EvidenceKind = "canary-used";

    private const int LongestHeader = 512;
    private const int MostReported = 1024;
    private const double Weight = 1;
    private static readonly TimeSpan s_repeat = TimeSpan.FromMinutes(1);

    private readonly RecentlySeen<(Address Source, int Canary, string Place)> _reported = new(s_repeat, MostReported, time);
    // Read at the start: the packet path asks for them.
    private readonly (byte[] Pair, string User)[] _canaries =
        [.. options.Value.Canaries.Concat(Planted(identityFile, time)).Distinct(StringComparer.Ordinal).Select(pair => (Encoding.UTF8.GetBytes(pair), pair.Split(':')[0]))];

    public Evidence? FindLogin(Address source, string user, string secret, string place, EvidenceClass evidenceClass)
    {
        int index = Array.FindIndex(_canaries, canary => canary.Pair.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes($"{user}:{secret}")));
        return index < 0 ? null : Report(source, index, place, evidenceClass);
    }

    public Evidence? FindAuthorization(Address source, ReadOnlySpan<byte> value, string place, EvidenceClass evidenceClass)
    {
        value = value.Trim((byte)' ');
        int space = value.IndexOf((byte)' ');
        if (space <= 0 || value.Length > LongestHeader)
        {
            return null;
        }

        ReadOnlySpan<byte> scheme = value[..space], rest = value[(space + 1)..].TrimStart((byte)' ');
        Span<byte> pair = stackalloc byte[LongestHeader];
        int length;
        if (Ascii.EqualsIgnoreCase(scheme, "Basic"u8))
        {
            if (Base64.DecodeFromUtf8(rest, pair, out _, out length) is not System.Buffers.OperationStatus.Done)
            {
                return null;
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
            return null;
        }

        for (int i = 0; i < _canaries.Length; i++)
        {
            if (pair[..length].SequenceEqual(_canaries[i].Pair))
            {
                return Report(source, i, place, evidenceClass);
            }
        }

        return null;
    }

    private static IReadOnlyList<string> Planted(TarpitIdentityFile file, TimeProvider time)
    {
        try
        {
            return PlantedCredentials.List(file.ReadOrCreate(), time);
        }
        catch (IOException)
        {
            // The supervisor tells of it.
            return [];
        }
    }

    private Evidence? Report(Address source, int canary, string place, EvidenceClass evidenceClass)
    {
        if (!_reported.IsFirst((source, canary, place)))
        {
            return null;
        }

        string user = _canaries[canary].User;
        return new Evidence(0, source, EvidenceKind, evidenceClass, Weight, time.GetUtcNow(), $"It used planted credentials ({(user.Length == 0 ? "a token" : $"user {Quoted(user)}")}) at {place}.");
    }

    private static string Quoted(string user) => "'" + string.Concat(user.Take(64).Select(c => char.IsControl(c) ? '?' : c)) + "'";
}
