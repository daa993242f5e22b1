namespace Blackwall.Mesh.Libp2p;

/// <summary>Topics: what one peer publishes reaches all that subscribed.</summary>
public interface IPubSub
{
    /// <summary>Takes part in a topic until the returned object is disposed.</summary>
    IDisposable Subscribe(string topic, TopicOptions options);

    /// <summary>Signs and sends to all. Returns the message's id. Throws <see cref="MeshException"/> (too long, own queue full).</summary>
    ValueTask<ReadOnlyMemory<byte>> PublishAsync(string topic, ReadOnlyMemory<byte> data, CancellationToken cancellation);
}
