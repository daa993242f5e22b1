using System.Text.Json.Serialization;
using Blackwall.Api.Contracts;

namespace Blackwall.Rules;

/// <summary>What an import did, or with dryRun would do.</summary>
/// <param name="Imported">Distinct scopes that are rules then.</param>
/// <param name="Added">With dryRun or list: how many of them are new; the others replace a rule, or were in the list before.</param>
/// <param name="Enforced">Whether the wall acts on all of them.</param>
/// <param name="DryRun">Nothing was changed.</param>
public sealed record ImportBody(int Imported, int? Added, bool Enforced, bool DryRun) : IStorable
{
    /// <summary>With list: how many rules of the list before went; not there without it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Removed { get; init; }

    /// <summary>Whether the change is on the disk; false: the disk refuses, and it is tried until it does not.</summary>
    public bool Stored { get; set; } = true;
}
