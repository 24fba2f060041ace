use super::*;

const A: Spot = Spot::Class { class: 0, example: 0 };
const B: Spot = Spot::Class { class: 1, example: 0 };

fn draw(sketch: &mut Sketch, spot: Spot) {
    sketch.show(spot);
    sketch.begin((0.2, 0.2));
    sketch.extend((0.8, 0.8));
    assert!(sketch.lift());
}

fn drawn(spots: &[Spot]) -> Sketch {
    let mut sketch = Sketch::default();
    spots.iter().for_each(|spot| draw(&mut sketch, *spot));
    sketch
}

/// A pen that leaves as much ink as there are strokes.
fn pen(strokes: &[Vec<Place>]) -> Image {
    let mut image = Image::blank();
    image.ink_mut()[0] = strokes.len() as u8;
    image
}

#[test]
fn a_stroke_is_on_the_drawing_once_the_pen_is_lifted() {
    let mut sketch = Sketch::default();
    sketch.begin((0.1, 0.1));
    sketch.extend((0.5, 0.5));
    assert_eq!(sketch.stroke().map(<[Place]>::len), Some(2));
    assert!(sketch.drawing(A).is_blank());
    sketch.lift();
    assert_eq!(sketch.drawing(A).0, [vec![(0.1, 0.1), (0.5, 0.5)]]);
    assert!(!sketch.lift(), "a lifted pen ends no stroke");
}

#[test]
fn a_touch_without_a_move_is_a_dot() {
    let mut sketch = Sketch::default();
    sketch.begin((0.5, 0.5));
    sketch.lift();
    assert_eq!(sketch.drawing(A).0, [vec![(0.5, 0.5)]]);
}

#[test]
fn trembling_adds_nothing_and_the_pen_stays_on_the_paper() {
    let mut sketch = Sketch::default();
    sketch.begin((0.5, 0.5));
    sketch.extend((0.502, 0.5));
    sketch.extend((1.7, -3.0));
    assert_eq!(sketch.stroke(), Some(&[(0.5, 0.5), (1.0, 0.0)][..]));
}

#[test]
fn undo_takes_strokes_back_one_by_one_wherever_they_were_drawn() {
    let mut sketch = drawn(&[A, A, B]);
    assert!(sketch.undo());
    assert_eq!((sketch.drawn(1), sketch.drawing(A).0.len()), (0, 2));
    assert!(sketch.undo());
    assert_eq!(sketch.drawing(A).0.len(), 1);
    assert!(sketch.undo());
    assert!(sketch.is_blank() && !sketch.undo());
}

#[test]
fn undo_of_a_stroke_under_the_pen_leaves_the_drawing_as_it_was() {
    let mut sketch = drawn(&[A]);
    sketch.begin((0.5, 0.5));
    assert!(sketch.undo());
    assert_eq!((sketch.stroke(), sketch.drawing(A).0.len()), (None, 1));
}

#[test]
fn clearing_one_drawing_or_all_of_them_can_be_undone() {
    let mut sketch = drawn(&[A, B]);
    sketch.clear();
    assert_eq!((sketch.drawn(0), sketch.drawn(1)), (1, 0));
    sketch.clear_all();
    assert!(sketch.is_blank());
    sketch.undo();
    assert_eq!((sketch.drawn(0), sketch.drawn(1)), (1, 0));
    sketch.undo();
    assert_eq!(sketch.drawn(1), 1);
}

#[test]
fn clearing_blank_paper_is_nothing_to_undo() {
    let mut sketch = Sketch::default();
    sketch.clear();
    sketch.clear_all();
    assert!(!sketch.can_undo());
}

#[test]
fn the_next_class_comes_after_this_one_and_queries_after_the_last() {
    let mut sketch = Sketch::default();
    sketch.next_class(3, 1);
    sketch.next_class(3, 1);
    assert_eq!(sketch.spot(), Spot::Class { class: 2, example: 0 });
    sketch.next_class(3, 1);
    assert_eq!(sketch.spot(), Spot::Query(0));
    sketch.next_class(3, 1);
    assert_eq!(sketch.spot(), A);
}

#[test]
fn the_next_class_opens_at_its_first_blank_example() {
    let mut sketch = drawn(&[B, A]);
    sketch.next_class(2, 2);
    assert_eq!(sketch.spot(), Spot::Class { class: 1, example: 1 });
}

#[test]
fn a_class_has_a_place_for_every_shot_and_queries_one_more_than_there_are() {
    let mut sketch = drawn(&[Spot::Class { class: 0, example: 2 }]);
    assert_eq!(sketch.places(1).len(), 3, "what was drawn with more shots is still there");
    sketch.show(Spot::Query(0));
    assert_eq!(sketch.places(1), [Spot::Query(0)]);
    draw(&mut sketch, Spot::Query(0));
    assert_eq!(sketch.places(1).len(), 2);
}

#[test]
fn a_task_needs_two_classes_and_something_to_classify() {
    let mut sketch = Sketch::default();
    assert_eq!(sketch.missing(5), Some(Missing::Classes));
    draw(&mut sketch, A);
    draw(&mut sketch, Spot::Query(0));
    assert_eq!(sketch.missing(5), Some(Missing::Classes));
    draw(&mut sketch, B);
    assert_eq!(sketch.missing(5), None);
    sketch.show(Spot::Query(0));
    sketch.clear();
    assert_eq!(sketch.missing(5), Some(Missing::Query));
    assert_eq!(sketch.task(5, pen), None);
}

#[test]
fn blank_classes_are_left_out_of_the_task_without_a_gap() {
    let third = Spot::Class { class: 2, example: 0 };
    let sketch = drawn(&[A, third, third, Spot::Class { class: 2, example: 1 }, Spot::Query(1)]);
    assert_eq!(sketch.classes(5), [0, 2]);
    let task = sketch.task(5, pen).unwrap();
    let support: Vec<_> = task.support.iter().map(|drawing| (drawing.class, drawing.image.ink()[0])).collect();
    assert_eq!(support, [(Some(0), 1), (Some(1), 2), (Some(1), 1)]);
    assert_eq!(task.query.iter().map(|drawing| drawing.class).collect::<Vec<_>>(), [None]);
}

#[test]
fn classes_beyond_the_ways_wait_until_there_are_more() {
    let sketch = drawn(&[A, B, Spot::Class { class: 2, example: 0 }, Spot::Query(0)]);
    assert_eq!((sketch.classes(2), sketch.classes(3)), (vec![0, 1], vec![0, 1, 2]));
}

#[test]
fn the_query_on_the_pad_is_counted_among_those_with_ink() {
    let mut sketch = drawn(&[A, B, Spot::Query(1), Spot::Query(2)]);
    assert_eq!(sketch.query_on_pad(), 1);
    sketch.show(Spot::Query(1));
    assert_eq!(sketch.query_on_pad(), 0);
    sketch.show(A);
    assert_eq!(sketch.query_on_pad(), 1, "the last one, while a class is on the pad");
}

#[test]
fn drawings_outlive_the_visit_and_damage_to_them_is_cut_off() {
    let sketch = drawn(&[A, B, Spot::Query(0)]);
    let kept = Sketch::from_json(&sketch.to_json()).unwrap();
    assert_eq!((kept.drawing(B), kept.spot()), (sketch.drawing(B), Spot::Query(0)));
    assert_eq!(Sketch::from_json("{}"), None);
    let far = r#"{"classes":[[[[[9.0,-1.0]],[]]]],"queries":[],"spot":{"Query":99}}"#;
    let far = Sketch::from_json(far).unwrap();
    assert_eq!((far.drawing(A).0, far.spot()), (vec![vec![(1.0, 0.0)]], A));
}
