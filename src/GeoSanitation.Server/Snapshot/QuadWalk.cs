namespace GeoSanitation.Server.Snapshot;

/// <summary>Goes through issues along the curve of <see cref="QuadOrder"/>; for <c>foreach</c>.</summary>
/// <param name="issues">Issues along the curve.</param>
/// <param name="taken">Which of them; empty for all.</param>
internal ref struct QuadWalk(ReadOnlySpan<PlacedIssue> issues, ReadOnlySpan<bool> taken)
{
    private readonly ReadOnlySpan<PlacedIssue> _issues = issues;
    private readonly ReadOnlySpan<bool> _taken = taken;
    private int _at = -1;

    public readonly ref readonly PlacedIssue Current => ref _issues[_at];

    public readonly QuadWalk GetEnumerator() => this;

    public bool MoveNext()
    {
        do
        {
            _at++;
        }
        while (_at < _taken.Length && !_taken[_at]);
        return _at < _issues.Length;
    }
}
