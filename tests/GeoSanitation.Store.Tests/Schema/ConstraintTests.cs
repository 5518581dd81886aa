using GeoSanitation.Testing;
using Npgsql;
using Xunit;

namespace GeoSanitation.Store.Tests.Schema;

/// <summary>States that must not exist are refused by the database itself, whoever writes to it.</summary>
public sealed class ConstraintTests : IAsyncLifetime
{
    private TestDatabase _data = null!;

    public async Task InitializeAsync()
    {
        _data = await TestDatabase.CreateAsync();
        await _data.ExecuteAsync("""
            INSERT INTO geosan.category (code, name) VALUES ('rubbish', '垃圾');
            INSERT INTO geosan.ward (code, name, level, path, geom, valid_from)
                VALUES ('w1', '城关', 'town', 'w1', ST_Multi(ST_MakeEnvelope(0, 0, 1, 1, 4326)), '2020-01-01');
            """);
    }

    public async Task DisposeAsync() => await _data.DisposeAsync();

    [Theory]
    [InlineData("severity", "6")]
    [InlineData("severity", "0")]
    [InlineData("status", "'lost'")]
    [InlineData("status", "'closed'")]
    [InlineData("closed_at", "'2026-01-02'")]
    [InlineData("accepted_at", "'2025-12-31'")]
    [InlineData("resolved_at", "'2025-12-31'")]
    [InlineData("relapse_of", "999")]
    [InlineData("ward_id", "999")]
    [InlineData("category_code", "'nothing'")]
    [InlineData("external_id", "''")]
    [InlineData("geom", "ST_SetSRID(ST_MakePoint(200, 0), 4326)")]
    [InlineData("geom", "ST_SetSRID(ST_MakePoint(0, 0), 3857)")]
    [InlineData("location_quality", "'guess'")]
    [InlineData("version", "0")]
    public async Task An_issue_in_a_bad_state_is_refused(string column, string value)
    {
        var columns = new Dictionary<string, string>
        {
            ["source"] = "'patrol'",
            ["external_id"] = "'a'",
            ["category_code"] = "'rubbish'",
            ["severity"] = "3",
            ["status"] = "'reported'",
            ["reported_at"] = "'2026-01-01'",
            ["geom"] = "ST_SetSRID(ST_MakePoint(0.5, 0.5), 4326)",
        };
        string Insert() => $"INSERT INTO geosan.issue ({string.Join(", ", columns.Keys)}) VALUES ({string.Join(", ", columns.Values)})";
        await _data.ExecuteAsync(Insert());
        columns["external_id"] = "'b'";
        columns[column] = value;

        await Assert.ThrowsAsync<PostgresException>(() => _data.ExecuteAsync(Insert()));

        Assert.Equal(1, await _data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"));
    }

    [Fact]
    public async Task An_external_id_stands_once_in_a_source()
    {
        const string insert = """
            INSERT INTO geosan.issue (source, external_id, category_code, severity, status, reported_at, geom)
            VALUES ('{0}', '7', 'rubbish', 3, 'reported', '2026-01-01', ST_SetSRID(ST_MakePoint(0.5, 0.5), 4326))
            """;
        await _data.ExecuteAsync(string.Format(insert, "patrol"));
        await _data.ExecuteAsync(string.Format(insert, "hotline"));

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => _data.ExecuteAsync(string.Format(insert, "patrol")));

        Assert.Equal("issue_source_external_id", refusal.ConstraintName);
    }

    [Fact]
    public async Task A_ward_code_stands_for_one_boundary_at_a_time()
    {
        const string second = """
            INSERT INTO geosan.ward (code, name, level, path, geom, valid_from)
            VALUES ('w1', '城关', 'town', 'w1', ST_Multi(ST_MakeEnvelope(0, 0, 2, 2, 4326)), '2024-01-01')
            """;
        await Assert.ThrowsAsync<PostgresException>(() => _data.ExecuteAsync(second));

        await _data.ExecuteAsync("UPDATE geosan.ward SET valid_to = '2024-01-01' WHERE code = 'w1'");
        await _data.ExecuteAsync(second);

        Assert.Equal(2, await _data.ScalarAsync<long>("SELECT count(*) FROM geosan.ward"));
    }

    [Fact]
    public async Task History_cannot_be_rewritten_and_goes_only_with_its_issue()
    {
        await _data.ExecuteAsync("""
            INSERT INTO geosan.issue (id, source, external_id, category_code, severity, status, reported_at, geom)
                VALUES (1, 'patrol', '7', 'rubbish', 3, 'reported', '2026-01-01', ST_SetSRID(ST_MakePoint(0.5, 0.5), 4326));
            INSERT INTO geosan.issue_event (issue_id, actor, kind, note) VALUES (1, 'test', 'edited', 'first');
            """);

        await Assert.ThrowsAsync<PostgresException>(() => _data.ExecuteAsync("UPDATE geosan.issue_event SET note = 'second'"));
        await Assert.ThrowsAsync<PostgresException>(() => _data.ExecuteAsync("DELETE FROM geosan.issue_event"));
        Assert.Equal("first", await _data.ScalarAsync<string>("SELECT note FROM geosan.issue_event"));

        await _data.ExecuteAsync("DELETE FROM geosan.issue");
        Assert.Equal(0, await _data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue_event"));
    }

    [Fact]
    public async Task An_import_is_done_only_when_its_counts_add_up()
    {
        const string insert = "INSERT INTO geosan.import (kind, file_name, state, finished_at, rows_read, loaded, refused) VALUES ('issues', 'f.csv', 'done', now(), 10, 7, {0})";

        await Assert.ThrowsAsync<PostgresException>(() => _data.ExecuteAsync(string.Format(insert, 2)));
        await _data.ExecuteAsync(string.Format(insert, 3));
    }

    [Theory]
    [InlineData("街道1", "__e8a197e9819331")]
    [InlineData("510121-001", "__3531303132312d303031")]
    [InlineData("W_7", "W_7")]
    [InlineData("_x", "__5f78")]
    public async Task A_ward_code_of_any_letters_becomes_a_label_of_the_tree(string code, string label)
        => Assert.Equal(label, await _data.ScalarAsync<string>($"SELECT geosan.ward_label('{code}')::ltree::text"));
}
