using System.Numerics;
using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Memory;

/// <summary>A bounded hash table of profiles with their detailed records. Full: the one longest untouched goes (second chance), which is counted.</summary>
internal sealed class ProfileRegion(int capacity, int watches, ulong seed)
{
    // Slot + 1; 0 ends a chain. Untouched pages of this array cost no memory.
    private readonly int[] _heads = new int[(int)BitOperations.RoundUpToPowerOf2((uint)capacity)];
    private readonly Slab<Profile> _profiles = new(capacity);
    private readonly Slab<Watch> _watches = new(watches);

    public int Count => _profiles.Count;

    public int Watched => _watches.Count;

    public long Evicted { get; private set; }

    public long WatchesEvicted { get; private set; }

    public ref Profile this[int slot] => ref _profiles[slot];

    public bool TryFind(Address key, out int slot)
    {
        for (int link = _heads[Bucket(key)]; link != 0; link = _profiles[link - 1].Next)
        {
            if (_profiles[link - 1].Key == key)
            {
                slot = link - 1;
                _profiles.Touch(slot);
                return true;
            }
        }

        slot = -1;
        return false;
    }

    /// <summary>Adds a profile that is not here yet.</summary>
    public int Add(in Profile profile)
    {
        if (!_profiles.TryTake(out int slot))
        {
            Remove(_profiles.Victim());
            Evicted++;
            _profiles.TryTake(out slot);
        }

        ref int head = ref _heads[Bucket(profile.Key)];
        ref Profile mine = ref _profiles[slot];
        mine = profile;
        mine.Next = head;
        mine.WatchSlot = 0;
        head = slot + 1;
        return slot;
    }

    public void Remove(int slot)
    {
        ReleaseWatch(slot);
        ref Profile profile = ref _profiles[slot];
        ref int link = ref _heads[Bucket(profile.Key)];
        while (link != slot + 1)
        {
            link = ref _profiles[link - 1].Next;
        }

        link = profile.Next;
        _profiles.Release(slot);
    }

    /// <summary>The detailed record of a profile, made when it has none.</summary>
    public ref Watch Watch(int slot)
    {
        ref Profile profile = ref _profiles[slot];
        if (profile.WatchSlot == 0)
        {
            if (!_watches.TryTake(out int taken))
            {
                int victim = _watches.Victim();
                ReleaseWatch(_watches[victim].Owner);
                WatchesEvicted++;
                _watches.TryTake(out taken);
            }

            _watches[taken].Owner = slot;
            profile.WatchSlot = taken + 1;
        }
        else
        {
            _watches.Touch(profile.WatchSlot - 1);
        }

        return ref _watches[profile.WatchSlot - 1];
    }

    public void ReleaseWatch(int slot)
    {
        ref Profile profile = ref _profiles[slot];
        if (profile.WatchSlot != 0)
        {
            _watches.Release(profile.WatchSlot - 1);
            profile.WatchSlot = 0;
        }
    }

    /// <summary>Forgets what a profile was held to account for.</summary>
    public void Reset(int slot)
    {
        ReleaseWatch(slot);
        ref Profile profile = ref _profiles[slot];
        profile = new Profile
        {
            Key = profile.Key,
            Next = profile.Next,
            FirstNanoseconds = profile.FirstNanoseconds,
            LastNanoseconds = profile.LastNanoseconds,
            Packets = profile.Packets,
            Agents = profile.Agents,
            AgentSeconds = profile.AgentSeconds,
        };
    }

    /// <summary>Walks the whole table: for what an operator does, not for packets.</summary>
    public void ResetWithin(Prefix scope)
    {
        foreach (int head in _heads)
        {
            for (int link = head; link != 0; link = _profiles[link - 1].Next)
            {
                if (scope.Contains(_profiles[link - 1].Key))
                {
                    Reset(link - 1);
                }
            }
        }
    }

    /// <summary>Number of chains, for <see cref="Visit"/>.</summary>
    public int Chains => _heads.Length;

    /// <summary>Shows the slot of every profile of some chains.</summary>
    public void Visit(int from, int to, Action<int> visitor)
    {
        for (int chain = from; chain < Math.Min(to, _heads.Length); chain++)
        {
            for (int link = _heads[chain]; link != 0; link = _profiles[link - 1].Next)
            {
                visitor(link - 1);
            }
        }
    }

    // Keyed, so that nobody can choose addresses that share a chain.
    private int Bucket(Address key)
    {
        UInt128 product = (UInt128)((ulong)(key.Value >> 64) ^ seed) * ((ulong)key.Value ^ BitOperations.RotateLeft(seed, 32) ^ 0x9E3779B97F4A7C15);
        ulong mixed = ((ulong)(product >> 64) ^ (ulong)product) * 0xD6E8FEB86659FD93;
        return (int)(mixed >> 32) & (_heads.Length - 1);
    }
}
