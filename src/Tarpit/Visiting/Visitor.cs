using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Visiting;

/// <summary>One who was let in, with the machine as he has it.</summary>
internal sealed class Visitor(byte[] key, FileSystem files, MachineState state)
{
    private int _open;

    /// <summary>What his things are kept under.</summary>
    public byte[] Key => key;

    public FileSystem Files => files;

    public MachineState State => state;

    /// <summary>Visits that go on.</summary>
    public int Open => Volatile.Read(ref _open);

    public DateTimeOffset LastSeen { get; set; }

    /// <summary>What was saved last: as long as nothing changed there is nothing to save.</summary>
    public long SavedVersion { get; set; } = -1;

    public void Enter() => Interlocked.Increment(ref _open);

    public void Leave() => Interlocked.Decrement(ref _open);
}
