namespace Blackwall.Api.Contracts;

/// <summary>The text is one word of a closed list, which the OpenAPI document shows as an enumeration of this name.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class WordAttribute(string list) : Attribute
{
    /// <summary>One of <see cref="WordLists.Names"/>.</summary>
    public string List => list;
}
