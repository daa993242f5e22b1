using System.Collections.Concurrent;
using Blackwall.Tarpit.Visiting;

namespace Blackwall.Tarpit.Tests.World;

/// <summary>A store in memory that outlives the process of a tarpit.</summary>
internal sealed class KeptVisitors : IVisitorStore
{
    public ConcurrentDictionary<string, byte[]> Records { get; } = new(StringComparer.Ordinal);

    public ValueTask<byte[]?> LoadAsync(byte[] key, CancellationToken cancellation) => new(Records.GetValueOrDefault(Convert.ToHexString(key)));

    public bool Has(byte[] key) => Records.ContainsKey(Convert.ToHexString(key));

    public void Save(byte[] key, byte[] value) => Records[Convert.ToHexString(key)] = value;
}
