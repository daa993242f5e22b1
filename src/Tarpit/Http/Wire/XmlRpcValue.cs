namespace Blackwall.Tarpit.Http.Wire;

/// <summary>A value of XML-RPC: a scalar as text, a list, or a struct.</summary>
internal sealed record XmlRpcValue(string Text, IReadOnlyList<XmlRpcValue> Items, IReadOnlyList<KeyValuePair<string, XmlRpcValue>> Members)
{
    public static XmlRpcValue Scalar(string text) => new(text, [], []);

    /// <summary>A member of a struct; null: it has none of that name.</summary>
    public XmlRpcValue? this[string name] => Members.LastOrDefault(member => string.Equals(member.Key, name, StringComparison.Ordinal)).Value;
}
