namespace Blackwall.Api.Contracts;

/// <summary>An answer to a change that says whether the change is on the disk.</summary>
internal interface IStorable
{
    /// <summary>False: the disk refuses, and the change is lost if the process ends before it takes it; it is tried until it does.</summary>
    bool Stored { get; set; }
}
