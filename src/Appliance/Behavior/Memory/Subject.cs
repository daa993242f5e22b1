namespace Blackwall.Behavior.Memory;

/// <summary>Where a profile lies while one event is looked at. Stale once its region adds or removes another.</summary>
internal readonly record struct Subject(ProfileRegion Region, int Slot)
{
    public ref Profile Profile => ref Region[Slot];

    public bool IsWatched => Profile.WatchSlot != 0;

    /// <summary>The detailed record, made when there is none.</summary>
    public ref Watch Watch => ref Region.Watch(Slot);
}
