using Blackwall.Pipeline.Model;

namespace Blackwall.Bridges.Tarpit;

/// <summary>An open session of the tarpit, and what was told of it already.</summary>
internal sealed class TarpitSession(string id, Address source)
{
    public string Id => id;

    public Address Source => source;

    /// <summary>It was let in by a login of its own, so its commands count.</summary>
    public bool IsLetIn { get; set; }

    public bool IsIntruder { get; set; }

    public bool IsExploiter { get; set; }

    /// <summary>It gave orders to a language model.</summary>
    public bool IsInjector { get; set; }
}
