using System.Security.Cryptography;
using Blackwall.Behavior.Settings;
using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Memory;

/// <summary>
/// All profiles. Sources that proved their address live in a region of their own: a flood with forged sources fills and churns the other
/// one and cannot push out a single proven source.
/// </summary>
internal sealed class ProfileTable
{
    public ProfileTable(DetectionOptions options)
    {
        Span<byte> key = stackalloc byte[8];
        RandomNumberGenerator.Fill(key);
        ulong seed = BitConverter.ToUInt64(key);
        Unproven = new ProfileRegion(options.MaxUnprovenSources, options.MaxWatchedSources, seed);
        Proven = new ProfileRegion(options.MaxProvenSources, options.MaxWatchedSources, seed);
    }

    public ProfileRegion Unproven { get; }

    public ProfileRegion Proven { get; }

    public bool TryFind(Address key, out Subject subject)
    {
        if (Proven.TryFind(key, out int slot))
        {
            subject = new Subject(Proven, slot);
            return true;
        }

        if (Unproven.TryFind(key, out slot))
        {
            subject = new Subject(Unproven, slot);
            return true;
        }

        subject = default;
        return false;
    }

    public Subject FindOrAdd(Address key, ulong nanoseconds)
    {
        if (TryFind(key, out Subject subject))
        {
            return subject;
        }

        return new Subject(Unproven, Unproven.Add(new Profile { Key = key, FirstNanoseconds = nanoseconds, LastNanoseconds = nanoseconds }));
    }

    /// <summary>The source's place among the proven ones; it moves there with all that is known of it.</summary>
    public Subject Prove(Address key, ulong nanoseconds)
    {
        if (!TryFind(key, out Subject subject))
        {
            return new Subject(Proven, Proven.Add(new Profile { Key = key, FirstNanoseconds = nanoseconds, LastNanoseconds = nanoseconds }));
        }

        if (ReferenceEquals(subject.Region, Proven))
        {
            return subject;
        }

        bool watched = subject.IsWatched;
        int slot = Proven.Add(in subject.Profile);
        if (watched)
        {
            ref Watch copy = ref Proven.Watch(slot);
            copy = subject.Watch;
            copy.Owner = slot;
        }

        Unproven.Remove(subject.Slot);
        return new Subject(Proven, slot);
    }

    /// <summary>Profiles within a prefix begin anew. Their proofs stay, since the kernel remembers them as well and would not ask again.</summary>
    public void Forget(Prefix scope)
    {
        if (!scope.IsHost)
        {
            Unproven.ResetWithin(scope);
            Proven.ResetWithin(scope);
        }
        else if (TryFind(scope.Network, out Subject subject))
        {
            subject.Region.Reset(subject.Slot);
        }
    }
}
