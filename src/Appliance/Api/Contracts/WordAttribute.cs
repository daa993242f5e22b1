namespace Blackwall.Api.Contracts;

/// <summary>The text is one word of a closed list, which the OpenAPI document shows as an enumeration of this name.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class WordAttribute(string list) : Attribute
{
    /// <summary>A list that a feature declares (<see cref="WordRegistry"/>).</summary>
    public string List => list;
}
