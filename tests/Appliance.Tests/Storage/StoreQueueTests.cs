using Blackwall.Storage;
using Xunit;

namespace Blackwall.Tests.Storage;

public sealed class StoreQueueTests
{
    [Fact]
    public void What_is_told_after_jobs_were_taken_is_of_the_next_transaction_also_when_there_were_none()
    {
        StoreQueue queue = new();
        List<StoreJob> none = queue.Take().Jobs;
        Task<int> told = queue.WriteAsync(_ => 7);
        Assert.Empty(none);
        List<StoreJob> one = queue.Take().Jobs;
        Assert.Single(one);
        Task<int> later = queue.WriteAsync(_ => 8);
        Assert.Single(one);
        Assert.False(told.IsCompleted || later.IsCompleted);
    }
}
